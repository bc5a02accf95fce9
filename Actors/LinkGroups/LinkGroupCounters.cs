using System.Diagnostics;
using System.Globalization;
using Smc.Actors.Buffers;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>What a link group shows of itself: written by its actor alone, and by its pool's, read by any thread, not at one instant.</summary>
/// <param name="session">Its control socket.</param>
/// <param name="group">Its id.</param>
/// <param name="memory">Its memory, which says what this process is in it.</param>
/// <param name="buffers">Its DMBs.</param>
internal sealed class LinkGroupCounters(PeerSession session, uint group, LinkGroupMemory memory, GroupBuffers buffers)
{
    private readonly long _since = Stopwatch.GetTimestamp();

    /// <summary>Its id, 8 hex digits.</summary>
    public string Name { get; } = group.ToString("x8", CultureInfo.InvariantCulture);

    public ConnectionRole Role { get; } = memory.Role();

    /// <summary>The GID of its peer's device.</summary>
    public string Peer { get; } = session.Gid.ToString();

    public LinkGroupState State { get; set; }

    /// <summary>Handshakes and connections that hold a DMB.</summary>
    public int Attempts { get; set; }

    /// <summary>Connections, until neither end touches their buffers.</summary>
    public int Connections { get; set; }

    public int Quarantined { get; set; }

    public int PeerSlabs { get; set; }

    public long PeerSlabBytes { get; set; }

    /// <summary>The peer's DMBs that its connections have attached.</summary>
    public PeerDmbCounters PeerDmbs { get; } = new();

    /// <summary>The group has failed: nothing is left of what it had, as far as anybody knows.</summary>
    public void ShowFailed()
    {
        (State, Attempts, Connections, Quarantined) = (LinkGroupState.Failed, 0, 0, 0);
        PeerDmbs.DetachAll();
    }

    /// <summary>Its own DMBs, and what its connections hold of the peer's.</summary>
    public BufferReport ReportBuffers() => buffers.Report() with { PeerSizes = PeerDmbs.Sizes, PeerBytesInUse = PeerDmbs.BytesInUse };

    /// <summary>What there is now.</summary>
    public LinkGroupReport Report()
    {
        PeerCredentials peer = session.Credentials;
        return new LinkGroupReport(
            Name, Role == ConnectionRole.Server, State, Stopwatch.GetElapsedTime(_since), new LinkGroupPeer(peer.ProcessId, peer.UserId, session.Gid))
        {
            Connections = Connections,
            Handshakes = Math.Max(0, Attempts - Connections),
            Quarantined = Quarantined,
            Mutes = memory.Mutes,
            PeerSlabs = PeerSlabs,
            PeerSlabBytes = PeerSlabBytes,
            ControlBytes = LinkGroupMemory.ControlBytes,
            Buffers = ReportBuffers(),
        };
    }
}
