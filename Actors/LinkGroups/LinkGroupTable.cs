using System.Collections.Concurrent;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.LinkGroups;

/// <summary>The link groups of a runtime that have begun and not ended. Beside the actors, whose fields do not survive a crash: each is told of once when it
/// begins and once when it ends. Read by whoever asks.</summary>
/// <param name="events">Hears of both.</param>
internal sealed class LinkGroupTable(EventPublisher events)
{
    private readonly ConcurrentDictionary<LinkGroupCounters, bool> _groups = new();
    private readonly News<SmcReason> _refusalNews = new(int.MaxValue);   // there are so many reasons, and no peer can invent one
    private readonly Lock _ending = new();
    private BufferReport _ended = BufferReport.None;

    /// <summary>A group has begun.</summary>
    public void Add(LinkGroupCounters group)
    {
        if (_groups.TryAdd(group, true)) events.Publish(new LinkGroupOpened(group.Name, group.Role, group.Peer));
    }

    /// <summary>A group has ended, if it had begun. What its pool has counted stays in the sum.</summary>
    public void Remove(LinkGroupCounters group)
    {
        lock (_ending)
        {
            if (!_groups.TryRemove(group, out _)) return;
            _ended = BufferReport.Sum([_ended, group.ReportBuffers().History()]);
        }

        events.Publish(new LinkGroupClosed(group.Name, group.Role, group.Peer));
    }

    /// <summary>True for the first slab that a peer has refused for a reason.</summary>
    public bool IsFirstRefusal(SmcReason reason) => _refusalNews.IsFirst(reason);

    /// <summary>How many are in each state, none too.</summary>
    public IReadOnlyDictionary<LinkGroupState, int> CountByState()
    {
        Dictionary<LinkGroupState, int> counts = Enum.GetValues<LinkGroupState>().ToDictionary(state => state, _ => 0);
        foreach (LinkGroupCounters group in _groups.Keys) counts[group.State]++;
        return counts;
    }

    /// <summary>The groups, the oldest first, and the buffers of all that there are and have been.</summary>
    public (IReadOnlyList<LinkGroupReport> Groups, BufferReport Buffers) Report()
    {
        lock (_ending)
        {
            LinkGroupReport[] groups = [.. _groups.Keys.Select(group => group.Report()).OrderByDescending(group => group.Age)];
            return (groups, BufferReport.Sum([_ended, .. groups.Select(group => group.Buffers)]));
        }
    }
}

/// <summary>The role of this end in a link group.</summary>
internal static class LinkGroupRoles
{
    public static ConnectionRole Role(this LinkGroupMemory memory) => memory.Side == GroupSide.Server ? ConnectionRole.Server : ConnectionRole.Client;
}
