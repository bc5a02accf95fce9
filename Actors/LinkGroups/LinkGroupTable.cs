using System.Collections.Concurrent;
using System.Globalization;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.LinkGroups;

/// <summary>The states of a link group: see <see cref="LinkGroupActor"/>.</summary>
internal enum LinkGroupState : byte
{
    /// <summary>It takes connections, or keeps those that it has.</summary>
    Active,

    /// <summary>The peer has ended it; the last connections go.</summary>
    Ending,

    /// <summary>It answers until nothing more is on its way to it.</summary>
    Failed,
}

/// <summary>The link groups of a runtime that have begun and not ended. Beside the actors, whose fields do not survive a crash: each is told of once when it
/// begins and once when it ends.</summary>
/// <param name="events">Hears of both, and of wrong tokens.</param>
internal sealed class LinkGroupTable(EventPublisher events)
{
    private readonly ConcurrentDictionary<LinkGroupMemory, Entry> _groups = [];

    /// <summary>A group has begun.</summary>
    public void Add(PeerSession session, uint group, LinkGroupMemory memory)
    {
        var opened = new LinkGroupOpened(group.ToString("x8", CultureInfo.InvariantCulture), memory.Role(), session.Gid.ToString());
        if (_groups.TryAdd(memory, new Entry(opened, LinkGroupState.Active))) events.Publish(opened);
    }

    /// <summary>A group has come to another state.</summary>
    public void Enter(LinkGroupMemory memory, LinkGroupState state)
    {
        if (_groups.TryGetValue(memory, out Entry? entry)) _groups.TryUpdate(memory, entry with { State = state }, entry);
    }

    /// <summary>A group has ended, if it had begun.</summary>
    public void Remove(LinkGroupMemory memory)
    {
        if (_groups.TryRemove(memory, out Entry? entry)) events.Publish(new LinkGroupClosed(entry.Opened.Group, entry.Opened.Role, entry.Opened.Peer));
    }

    /// <summary>How many are in each state, none too.</summary>
    public IReadOnlyDictionary<LinkGroupState, int> CountByState()
    {
        Dictionary<LinkGroupState, int> counts = Enum.GetValues<LinkGroupState>().ToDictionary(state => state, _ => 0);
        foreach (Entry entry in _groups.Values) counts[entry.State]++;
        return counts;
    }

    /// <summary>The peer named a token that it was not given, or that means something else.</summary>
    public void CountWrongToken(PeerSession session)
    {
        session.CountWrongToken();
        events.Publish(new RuleBroken(RuleLayer.Token, "WrongToken", session.Gid.ToString()));
    }

    private sealed record Entry(LinkGroupOpened Opened, LinkGroupState State);
}

/// <summary>The role of this end in a link group.</summary>
internal static class LinkGroupRoles
{
    public static ConnectionRole Role(this LinkGroupMemory memory) => memory.Side == GroupSide.Server ? ConnectionRole.Server : ConnectionRole.Client;
}
