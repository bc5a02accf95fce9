using System.Diagnostics;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.Buffers;

/// <summary>DMBs that are handed out, against the limits of the process, of the user whom a peer runs as, and of the peer's process. Any thread.</summary>
internal sealed class DmbLimits
{
    private readonly DmbCount _process;
    private readonly DmbCounts<uint> _users;
    private readonly DmbCounts<PeerIdentity> _peers;
    private readonly News<SizeClass> _stepsDown = new(SizeClass.LargestSmcdCode + 1);
    private readonly long[] _refusals = new long[Enum.GetValues<DmbLimit>().Length];
    private readonly BufferSettings _settings;
    private readonly DmbCount[] _classes = [.. Enumerable.Range(0, SizeClass.LargestSmcdCode + 1).Select(static _ => new DmbCount(int.MaxValue))];

    /// <param name="settings">The limits.</param>
    public DmbLimits(BufferSettings settings)
    {
        _settings = settings;
        _process = new DmbCount(settings.MaxDmbs);
        _users = new DmbCounts<uint>(settings.MaxDmbsPerUser);
        _peers = new DmbCounts<PeerIdentity>(settings.MaxDmbsPerPeer);
    }

    /// <summary>DMBs that are handed out.</summary>
    public int InUse => _process.InUse;

    /// <summary>Their bytes.</summary>
    public long BytesInUse => _classes.Select(static (count, code) => (long)count.InUse * SizeOf(code).Bytes).Sum();

    /// <summary>Their bytes at the limit of the process, where each has the size that is wanted.</summary>
    public long MostBytes => (long)_settings.MaxDmbs * _settings.Size.Bytes;

    /// <summary>What each limit has refused so far.</summary>
    public IReadOnlyList<DmbLimitReport> Report() =>
    [
        new("smc.buffers.max-dmbs", _settings.MaxDmbs, Refusals(DmbLimit.Process)),
        new("smc.buffers.max-dmbs-per-user", _settings.MaxDmbsPerUser, Refusals(DmbLimit.User)),
        new("smc.buffers.max-dmbs-per-peer", _settings.MaxDmbsPerPeer, Refusals(DmbLimit.Peer)),
    ];

    /// <summary>What a link group takes from, until it is disposed. All groups with one process share what is its, as <see cref="PeerIdentity"/>
    /// says.</summary>
    /// <param name="session">To its peer's process.</param>
    public DmbShare ShareOf(PeerSession session) => ShareOf(session.Credentials.UserId, session.Identity);

    /// <summary>The same for a peer that is known to be somebody.</summary>
    public DmbShare ShareOf(uint user, PeerIdentity peer) => new(this, _process, user, peer);

    /// <summary>Users and processes that link groups take for now.</summary>
    public (int Users, int Peers) Counted => (_users.Count, _peers.Count);

    /// <summary>A link group begins to take for a user and a process.</summary>
    public (DmbCount User, DmbCount Peer) Enter(uint user, PeerIdentity peer) => (_users.Enter(user), _peers.Enter(peer));

    /// <summary>A link group has ended: the last one of a user or a process takes its count along.</summary>
    public void Leave(uint user, PeerIdentity peer)
    {
        _users.Leave(user);
        _peers.Leave(peer);
    }

    /// <summary>Counts one that was not handed out.</summary>
    public void CountRefusal(DmbLimit limit) => Interlocked.Increment(ref _refusals[(int)limit]);

    /// <summary>True for the first group that steps down from a size.</summary>
    public bool IsFirstStepDown(SizeClass from) => _stepsDown.IsFirst(from);

    /// <summary>Counts a DMB by its size where it is handed out.</summary>
    public void CountOut(SizeClass size) => _classes[size.Code].TryTake();

    /// <summary>Counts DMBs of a size that come back.</summary>
    public void CountBack(SizeClass size, int count) => _classes[size.Code].Return(count);

    /// <summary>A report of all groups with what none of them knows: how many were out at once.</summary>
    public BufferReport WithPeaks(BufferReport all) => all with
    {
        Classes = [.. all.Classes.Select(one => one with { Peak = _classes[SizeClass.ForSmcd(one.DmbBytes).Code].Peak })],
    };

    private static SizeClass SizeOf(int code) => SizeClass.TryFromCode((byte)code, out SizeClass size) ? size : throw new UnreachableException();

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

    /// <summary>Takes one; at the limit none, and nobody sees one more than that. An exchange fails only where another has succeeded.</summary>
    /// <returns>False at the limit.</returns>
    public bool TryTake()
    {
        for (int seen = InUse; seen < most;)
        {
            int now = Interlocked.CompareExchange(ref _inUse, seen + 1, seen);
            if (now == seen)
            {
                for (int peak = Peak; now >= peak && Interlocked.CompareExchange(ref _peak, now + 1, peak) != peak;) peak = Peak;
                return true;
            }

            seen = now;
        }

        return false;
    }

    public void Return(int count) => Interlocked.Add(ref _inUse, -count);
}

/// <summary>Counts against a limit that each of several has for itself, as long as link groups take for it.</summary>
/// <param name="most">The limit of each.</param>
internal sealed class DmbCounts<TKey>(int most)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (DmbCount Dmbs, int Groups)> _counts = [];   // under its own lock

    /// <summary>Those that link groups take for.</summary>
    public int Count
    {
        get
        {
            lock (_counts) return _counts.Count;
        }
    }

    /// <summary>A link group begins to take for one.</summary>
    public DmbCount Enter(TKey key)
    {
        lock (_counts)
        {
            if (!_counts.TryGetValue(key, out (DmbCount Dmbs, int Groups) shared)) shared = (new DmbCount(most), 0);
            _counts[key] = shared with { Groups = shared.Groups + 1 };
            return shared.Dmbs;
        }
    }

    /// <summary>A link group has ended that had entered.</summary>
    public void Leave(TKey key)
    {
        lock (_counts)
        {
            (DmbCount dmbs, int groups) = _counts[key];
            if (groups == 1) _counts.Remove(key);
            else _counts[key] = (dmbs, groups - 1);
        }
    }
}

/// <summary>What one link group has taken, counted against each limit that it falls under.</summary>
/// <param name="limits">All of them.</param>
/// <param name="process">This process's count.</param>
/// <param name="user">The peer's user; counted, as its process is, from the first DMB on: a group that never begins is not disposed either.</param>
/// <param name="peer">The peer's process.</param>
internal sealed class DmbShare(DmbLimits limits, DmbCount process, uint user, PeerIdentity peer) : IDisposable
{
    private (DmbCount User, DmbCount Peer)? _counts;

    /// <returns>False at one of the limits, which has counted that.</returns>
    public bool TryTake()
    {
        if (!process.TryTake()) return Refuse(DmbLimit.Process);
        (DmbCount ofUser, DmbCount ofPeer) = _counts ??= limits.Enter(user, peer);
        if (!ofUser.TryTake())
        {
            process.Return(1);
            return Refuse(DmbLimit.User);
        }

        if (ofPeer.TryTake()) return true;
        ofUser.Return(1);
        process.Return(1);
        return Refuse(DmbLimit.Peer);
    }

    /// <summary>Counts back what has come back.</summary>
    public void Return(int count)
    {
        _counts?.Peer.Return(count);
        _counts?.User.Return(count);
        process.Return(count);
    }

    /// <summary>As <see cref="DmbLimits.IsFirstStepDown"/>.</summary>
    public bool IsFirstStepDown(SizeClass from) => limits.IsFirstStepDown(from);

    /// <summary>As <see cref="DmbLimits.CountOut"/>.</summary>
    public void CountOut(SizeClass size) => limits.CountOut(size);

    /// <summary>As <see cref="DmbLimits.CountBack"/>.</summary>
    public void CountBack(SizeClass size, int count) => limits.CountBack(size, count);

    /// <summary>The group has ended, and has given everything back.</summary>
    public void Dispose()
    {
        if (_counts is not null) limits.Leave(user, peer);
        _counts = null;
    }

    private bool Refuse(DmbLimit limit)
    {
        limits.CountRefusal(limit);
        return false;
    }
}
