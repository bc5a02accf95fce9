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
    private int _state;
    private int _attempts;
    private int _connections;
    private int _quarantined;
    private int _peerSlabs;
    private long _peerSlabBytes;

    /// <summary>Its id, 8 hex digits.</summary>
    public string Name { get; } = group.ToString("x8", CultureInfo.InvariantCulture);

    public ConnectionRole Role { get; } = memory.Role();

    /// <summary>The GID of its peer's device.</summary>
    public string Peer { get; } = session.Gid.ToString();

    // SYNC group-counters: one actor writes each; the writes here pair with the reads in Report, by any thread
    public LinkGroupState State
    {
        get => (LinkGroupState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>Handshakes and connections that hold a DMB.</summary>
    public int Attempts
    {
        get => Volatile.Read(ref _attempts);
        set => Volatile.Write(ref _attempts, value);
    }

    /// <summary>Connections, until neither end touches their buffers.</summary>
    public int Connections
    {
        get => Volatile.Read(ref _connections);
        set => Volatile.Write(ref _connections, value);
    }

    public int Quarantined
    {
        get => Volatile.Read(ref _quarantined);
        set => Volatile.Write(ref _quarantined, value);
    }

    public int PeerSlabs
    {
        get => Volatile.Read(ref _peerSlabs);
        set => Volatile.Write(ref _peerSlabs, value);
    }

    public long PeerSlabBytes
    {
        get => Volatile.Read(ref _peerSlabBytes);
        set => Volatile.Write(ref _peerSlabBytes, value);
    }

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
        int connections = Connections;   // once: its actor counts on meanwhile
        return new LinkGroupReport(
            Name, Role == ConnectionRole.Server, State, Stopwatch.GetElapsedTime(_since), new LinkGroupPeer(peer.ProcessId, peer.UserId, session.Gid))
        {
            Connections = connections,
            Handshakes = Math.Max(0, Attempts - connections),
            Quarantined = Quarantined,
            Mutes = memory.Mutes,
            PeerSlabs = PeerSlabs,
            PeerSlabBytes = PeerSlabBytes,
            ControlBytes = LinkGroupMemory.ControlBytes,
            Buffers = ReportBuffers(),
        };
    }
}
