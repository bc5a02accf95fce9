using Smc.Actors.Connections;
using Smc.Actors.Inspection;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Devices;

/// <summary>What other processes broke at the control socket and with the memory that they offered, before or beside any connection. Counted and read
/// by any thread.</summary>
/// <param name="events">Hears each.</param>
internal sealed class BrokenRules(EventPublisher events)
{
    private const string WrongToken = "WrongToken";
    private const string WrongOffer = "WrongOffer";
    private const string ReusedMemory = "ReusedMemory";
    private const string WrongDmb = "WrongDmb";
    private const string ForeignUser = "ForeignUser";
    private const string FramesUnread = "FramesUnread";
    private const string TooManySockets = "TooManySockets";

    private readonly Tally<(RuleLayer Layer, string Rule)> _tally = new(TimeProvider.System);

    /// <summary>The peer named a token that it was not given, or that means something else.</summary>
    public void CountWrongToken(PeerSession session)
    {
        session.CountWrongToken();
        Count(RuleLayer.Token, WrongToken, NameOf(session));
    }

    /// <summary>The peer's memory was not mapped: it could take it away, or it is not what it said; or this process has no memory, or no mappings left for
    /// this peer or for anyone, or the peer's group has ended, none of which breaks a rule: what is made here for a peer counts among its mappings, and no
    /// peer can know when they are as many as it may have.</summary>
    /// <returns>What the peer is told.</returns>
    public SmcReason Refuse(PeerSession session, MemoryError error)
    {
        if (error is MemoryError.OutOfMemory or MemoryError.TooManyMappings or MemoryError.MappingsExhausted) return SmcReason.OutOfMemory;
        return error == MemoryError.GivenBack ? SmcReason.SyncError : RefuseMemory(session, error.ToString());
    }

    /// <summary>The peer offered a slab that no runtime offers: of a kind, a number or a size that there is none of, or twice. Closes it.</summary>
    /// <returns>As <see cref="Refuse"/>.</returns>
    public SmcReason RefuseOffer(PeerSession session, FileDescriptor offered)
    {
        offered.Dispose();
        return RefuseMemory(session, WrongOffer);
    }

    /// <summary>The peer offered memory that is a slab of its link group already, its own or this end's. Closes it.</summary>
    /// <returns>As <see cref="Refuse"/>.</returns>
    public SmcReason RefuseReuse(PeerSession session, FileDescriptor offered)
    {
        offered.Dispose();
        return RefuseMemory(session, ReusedMemory);
    }

    /// <summary>The peer's Accept or Confirm names a DMB that it has registered for a slot, a slab, an index or of a size that cannot be.</summary>
    public void CountWrongDmb(PeerSession session) => Count(RuleLayer.Memory, WrongDmb, NameOf(session));

    /// <summary>The peer has more of something than any runtime has, and nothing of its is worth keeping. Closes its control socket, and counts that
    /// once: what was still on its way is nobody's.</summary>
    public void Close(PeerSession session, PeerExcess excess)
    {
        if (session.IsGivenUp) return;
        Count(RuleLayer.Control, excess.ToString(), NameOf(session));
        session.Close();
    }

    /// <summary>A process that does not read its control socket.</summary>
    public void CountFramesUnread(PeerCredentials peer) => Count(RuleLayer.Control, FramesUnread, NameOf(peer));

    /// <summary>A process that has as many control sockets as one may have, and one more.</summary>
    public void CountSocketRefused(PeerCredentials peer) => Count(RuleLayer.Control, TooManySockets, NameOf(peer));

    /// <summary>A frame that is none.</summary>
    public void CountBadFrame(PeerCredentials peer, WireError error) => Count(RuleLayer.Control, error.ToString(), NameOf(peer));

    /// <summary>A process of another user.</summary>
    public void CountForeignUser(PeerCredentials peer) => Count(RuleLayer.Credentials, ForeignUser, NameOf(peer));

    /// <summary>All of them, with the times.</summary>
    public IReadOnlyList<ViolationReport> Report() =>
        [.. _tally.Report().Select(rule => new ViolationReport(TelemetryNames.Of(rule.Key.Layer), rule.Key.Rule, ConsequenceOf(rule.Key), rule.Value))];

    private SmcReason RefuseMemory(PeerSession session, string rule)
    {
        Count(RuleLayer.Memory, rule, NameOf(session));
        return SmcReason.DescriptorRefused;
    }

    private void Count(RuleLayer layer, string rule, string peer)
    {
        _tally.Add((layer, rule));
        events.Publish(new RuleBroken(layer, rule, peer));
    }

    /// <summary>The GID is what the peer says of itself, and may be another's: who the kernel says it is stands beside it.</summary>
    private static string NameOf(PeerSession session) => $"{session.Gid}, {NameOf(session.Credentials)}";

    /// <summary>The process id is 0 where the peer's is not visible from here.</summary>
    private static string NameOf(PeerCredentials peer) => $"process {peer.ProcessId} of user {peer.UserId}";

    private static string ConsequenceOf((RuleLayer Layer, string Rule) broken) => broken switch
    {
        (RuleLayer.Token, _) => "the third closes its control socket",
        (_, WrongDmb) => "the connection fell back, or was reset",
        (RuleLayer.Memory, _) => "the memory was not mapped",
        _ => "the control socket was closed",
    };
}

/// <summary>What a peer has more of than any runtime.</summary>
internal enum PeerExcess
{
    /// <summary>Link groups that it has begun.</summary>
    TooManyGroups,

    /// <summary>Slabs that it has offered, mapped or in vain.</summary>
    TooManySlabs,

    /// <summary>DMBs that it has registered for handshakes to come.</summary>
    TooManyRegistrations,

    /// <summary>Answers to the slabs that it was offered: one to each, and none to what it was not offered.</summary>
    TooManyAnswers,
}
