using System.Collections.Concurrent;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Buffers;

/// <summary>DMBs that are handed out, against the limits of the process, of the user whom a peer runs as, and of the peer's process. Any thread.</summary>
internal sealed class DmbLimits
{
    private readonly DmbCount _process;
    private readonly ConcurrentDictionary<uint, DmbCount> _users = new();
    private readonly Dictionary<object, PeerCount> _peers = [];   // by process, under its own lock
    private readonly long[] _refusals = new long[Enum.GetValues<DmbLimit>().Length];
    private readonly BufferSettings _settings;
    private readonly DmbCount[] _classes = [.. Enumerable.Range(0, SizeClass.LargestSmcdCode + 1).Select(static _ => new DmbCount(int.MaxValue))];
    private long _bytes;

    /// <param name="settings">The limits.</param>
    public DmbLimits(BufferSettings settings)
    {
        _settings = settings;
        _process = new DmbCount(settings.MaxDmbs);
    }

    /// <summary>DMBs that are handed out.</summary>
    public int InUse => _process.InUse;

    /// <summary>Their bytes.</summary>
    public long BytesInUse => Interlocked.Read(ref _bytes);

    /// <summary>Their bytes at the limit of the process, where each has the size that is wanted.</summary>
    public long MostBytes => (long)_settings.MaxDmbs * _settings.Size.Bytes;

    /// <summary>What each limit has refused so far.</summary>
    public IReadOnlyList<DmbLimitReport> Report() =>
    [
        new("smc.buffers.max-dmbs", _settings.MaxDmbs, Refusals(DmbLimit.Process)),
        new("smc.buffers.max-dmbs-per-user", _settings.MaxDmbsPerUser, Refusals(DmbLimit.User)),
        new("smc.buffers.max-dmbs-per-peer", _settings.MaxDmbsPerPeer, Refusals(DmbLimit.Peer)),
    ];

    /// <summary>What a link group takes from, until it is disposed. All groups with one process share what is its, whichever control socket they are on,
    /// and no other process does that gets its id when it has gone; a process whose id cannot be seen from here has the same for each of its control
    /// sockets.</summary>
    /// <param name="session">To its peer's process.</param>
    public DmbShare ShareOf(PeerSession session) => ShareOf(session.Credentials, session.ProcessStart, session);

    /// <summary>The same for a peer that is known to be somebody.</summary>
    public DmbShare ShareOf(PeerCredentials peer, long start, PeerSession session)
    {
        DmbCount user = _users.GetOrAdd(peer.UserId, static (_, most) => new DmbCount(most), _settings.MaxDmbsPerUser);
        return new DmbShare(this, _process, user, peer.ProcessId > 0 ? (peer.ProcessId, start) : session);
    }

    /// <summary>A link group begins to take for a process.</summary>
    public PeerCount EnterPeer(object key)
    {
        lock (_peers)
        {
            if (!_peers.TryGetValue(key, out PeerCount? peer)) _peers.Add(key, peer = new PeerCount(key, _settings.MaxDmbsPerPeer));
            peer.Groups++;
            return peer;
        }
    }

    /// <summary>A link group has ended: the last one of a process takes its count along.</summary>
    public void LeavePeer(PeerCount peer)
    {
        lock (_peers)
        {
            if (--peer.Groups == 0) _peers.Remove(peer.Key);
        }
    }

    /// <summary>Counts one that was not handed out.</summary>
    public void CountRefusal(DmbLimit limit) => Interlocked.Increment(ref _refusals[(int)limit]);

    /// <summary>Counts a DMB by its size where it is handed out.</summary>
    public void CountOut(SizeClass size)
    {
        _classes[size.Code].TryTake();
        Interlocked.Add(ref _bytes, size.Bytes);
    }

    /// <summary>Counts DMBs of a size that come back.</summary>
    public void CountBack(SizeClass size, int count)
    {
        _classes[size.Code].Return(count);
        Interlocked.Add(ref _bytes, -(long)count * size.Bytes);
    }

    /// <summary>A report of all groups with what none of them knows: how many were out at once.</summary>
    public BufferReport WithPeaks(BufferReport all) => all with
    {
        Classes = [.. all.Classes.Select(one => one with { Peak = _classes[SizeClass.ForSmcd(one.DmbBytes).Code].Peak })],
    };

    private long Refusals(DmbLimit limit) => Interlocked.Read(ref _refusals[(int)limit]);
}

/// <summary>What is counted against a limit of DMBs.</summary>
internal enum DmbLimit
{
    /// <summary>All of this process's.</summary>
    Process,

    /// <summary>Those for peers of one user.</summary>
    User,

    /// <summary>Those for one process.</summary>
    Peer,
}

/// <summary>DMBs against one limit.</summary>
/// <param name="most">The limit.</param>
internal sealed class DmbCount(int most)
{
    private int _inUse;
    private int _peak;

    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>The most there have been at once.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <returns>False at the limit.</returns>
    public bool TryTake()
    {
        int now = Interlocked.Increment(ref _inUse);
        if (now <= most)
        {
            for (int peak = Peak; now > peak && Interlocked.CompareExchange(ref _peak, now, peak) != peak;) peak = Peak;
            return true;
        }

        Return(1);
        return false;
    }

    public void Return(int count) => Interlocked.Add(ref _inUse, -count);
}

/// <summary>What the link groups with one process have taken together.</summary>
/// <param name="key">The process.</param>
/// <param name="most">The limit.</param>
internal sealed class PeerCount(object key, int most)
{
    public object Key => key;

    public DmbCount Dmbs { get; } = new(most);

    /// <summary>Link groups that share it.</summary>
    public int Groups { get; set; }
}

/// <summary>What one link group has taken, counted against each limit that it falls under.</summary>
/// <param name="limits">All of them.</param>
/// <param name="process">This process's count.</param>
/// <param name="user">That of the peer's user.</param>
/// <param name="peer">The peer's process, which is counted from the first DMB on: a group that never begins is not disposed either.</param>
internal sealed class DmbShare(DmbLimits limits, DmbCount process, DmbCount user, object peer) : IDisposable
{
    private PeerCount? _peer;

    /// <returns>False at one of the limits, which has counted that.</returns>
    public bool TryTake()
    {
        if (!process.TryTake()) return Refuse(DmbLimit.Process);
        if (!user.TryTake())
        {
            process.Return(1);
            return Refuse(DmbLimit.User);
        }

        _peer ??= limits.EnterPeer(peer);
        if (_peer.Dmbs.TryTake()) return true;
        user.Return(1);
        process.Return(1);
        return Refuse(DmbLimit.Peer);
    }

    /// <summary>Counts back what has come back.</summary>
    public void Return(int count)
    {
        _peer?.Dmbs.Return(count);
        user.Return(count);
        process.Return(count);
    }

    /// <summary>As <see cref="DmbLimits.CountOut"/>.</summary>
    public void CountOut(SizeClass size) => limits.CountOut(size);

    /// <summary>As <see cref="DmbLimits.CountBack"/>.</summary>
    public void CountBack(SizeClass size, int count) => limits.CountBack(size, count);

    /// <summary>The group has ended, and has given everything back.</summary>
    public void Dispose()
    {
        if (_peer is { } counted) limits.LeavePeer(counted);
    }

    private bool Refuse(DmbLimit limit)
    {
        limits.CountRefusal(limit);
        return false;
    }
}
