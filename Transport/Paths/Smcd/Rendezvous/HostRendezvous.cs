using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>What comes over control sockets for link groups. Called one at a time, in order; must not block.</summary>
public interface IGroupFrameObserver
{
    /// <summary>A slab is offered. The observer owns <paramref name="descriptor"/>, which is null where it was lost on the way.</summary>
    void Offered(PeerSession session, OfferSlab offer, FileDescriptor? descriptor);

    /// <summary>The peer has mapped a slab.</summary>
    void Mapped(PeerSession session, Mapped answer);

    /// <summary>The peer has not mapped a slab.</summary>
    void Refused(PeerSession session, Refused answer);

    /// <summary>The peer has registered a DMB.</summary>
    void Registered(PeerSession session, Register registration);

    /// <summary>The peer will not touch a DMB of this process again.</summary>
    void Detached(PeerSession session, Detach detach);

    /// <summary>The peer ends a link group.</summary>
    void GroupDeleted(PeerSession session, DeleteGroup deletion);

    /// <summary>The control socket hung up: all its groups end.</summary>
    void SessionLost(PeerSession session);

    /// <summary>A process sent what is no frame, or none that was due: its control socket is closed.</summary>
    void FrameRefused(PeerCredentials peer, WireError problem);

    /// <summary>A process of another user was at the other end of a control socket, which is closed.</summary>
    void UserRefused(PeerCredentials peer);

    /// <summary>A process has left more frames unread than are kept for one: its control socket is closed.</summary>
    void FramesUnread(PeerCredentials peer);

    /// <summary>A process has opened as many control sockets as one may have: one more is closed.</summary>
    void SocketRefused(PeerCredentials peer);
}

/// <summary>Counts of what was refused.</summary>
public readonly record struct RendezvousCounters(long CredentialsRefused, long BadFrames);

/// <summary>
/// This process's place on the host: its registry entry, its control socket, the sessions with other processes and the announcements that
/// wait for their TCP connections. Thread-safe; nothing here waits. Order of locks: the reactor's turn, then a gate of this class; nobody
/// calls the reactor from inside a gate.
/// </summary>
public sealed class HostRendezvous : IControlHandler, IDisposable
{
    private const int Backlog = 1024;

    private readonly IGroupFrameObserver _observer;
    private readonly HostRegistry _registry;
    private readonly Lock _registryGate = new();
    private readonly Lock _sessionsGate = new();
    private readonly Dictionary<SmcGid, PeerSession> _opened = [];
    private readonly AnnouncementTable _announcements = new(TimeProvider.System);
    private readonly ControlSockets _sockets = new();
    private readonly HashSet<IPEndPoint> _listeners = [];
    private readonly ulong _networkNamespace;
    private readonly uint _userId = Libc.GetEffectiveUserId();
    private ControlReactor? _reactor;
    private long _credentialsRefused;
    private long _badFrames;

    private HostRendezvous(IGroupFrameObserver observer, HostRegistry registry, ulong networkNamespace)
    {
        _observer = observer;
        _registry = registry;
        _networkNamespace = networkNamespace;
    }

    /// <summary>This process's Emulated-ISM device.</summary>
    public SmcGid Gid => _registry.Gid;

    /// <summary>What was refused so far.</summary>
    public RendezvousCounters Counters => new(Volatile.Read(ref _credentialsRefused), Volatile.Read(ref _badFrames));

    /// <summary>Takes a place in the rendezvous folder and begins to serve the control socket.</summary>
    /// <param name="folder">The rendezvous folder, of mode 0700 and this user's.</param>
    /// <param name="gid">This process's device.</param>
    /// <param name="observer">Hears what comes for link groups.</param>
    /// <param name="ownThread">False where the caller gives it its turns: <see cref="WaitReadable"/>, then <see cref="Handle"/>.</param>
    /// <param name="problem">What is wrong, in words.</param>
    /// <returns>Null where shared memory cannot be had here.</returns>
    public static HostRendezvous? TryStart(string folder, SmcGid gid, IGroupFrameObserver observer, bool ownThread, out string problem)
    {
        if (!OperatingSystem.IsLinux() || !Futex.SupportsWaitAny)
        {
            problem = "shared memory needs Linux 5.16 or later";
            return null;
        }

        ulong networkNamespace = NetworkNamespace.ReadCookie();
        HostRegistry? registry = HostRegistry.TryOpen(folder, gid, networkNamespace, out problem);
        if (registry is null) return null;
        var rendezvous = new HostRendezvous(observer, registry, networkNamespace);
        SeqPacketSocket? socket = SeqPacketSocket.TryListen(registry.Folder, registry.SocketName, Backlog, out int errno);
        if (socket is not null && ControlReactor.TryStart(rendezvous, socket, ownThread) is { } reactor)
        {
            rendezvous._reactor = reactor;
            return rendezvous;
        }

        socket?.Dispose();
        registry.Dispose();
        problem = $"{folder}: no control socket (errno {errno})";
        return null;
    }

    /// <summary>Publishes a listener.</summary>
    public void Publish(IPEndPoint listener)
    {
        lock (_registryGate)
        {
            if (_listeners.Add(listener)) _registry.Publish([.. _listeners]);
        }
    }

    /// <summary>Takes a listener back.</summary>
    public void Unpublish(IPEndPoint listener)
    {
        lock (_registryGate)
        {
            if (_listeners.Remove(listener)) _registry.Publish([.. _listeners]);
        }
    }

    /// <summary>The processes that listen where a connection to <paramref name="destination"/> would arrive.</summary>
    public IReadOnlyList<RegistryEntry> Find(IPEndPoint destination)
    {
        lock (_registryGate) return _registry.Find(destination);
    }

    /// <summary>The session with a process, opened if there is none.</summary>
    /// <returns>Null where the process has died, or is another user's; then what it left behind is swept.</returns>
    public PeerSession? TryOpenSession(RegistryEntry entry) => TryOpenSession(entry, out _);

    /// <inheritdoc cref="TryOpenSession(RegistryEntry)" />
    /// <param name="entry">The process.</param>
    /// <param name="reason">Why there is none.</param>
    public PeerSession? TryOpenSession(RegistryEntry entry, out SmcReason reason)
    {
        reason = SmcReason.None;
        if (FindOpened(entry.Gid) is { } known) return known;
        SeqPacketSocket? socket = SeqPacketSocket.TryConnect(_registry.Folder, entry.SocketName, out int errno);
        if (socket is null)
        {
            reason = errno switch
            {
                Errno.TooManyFiles or Errno.TooManyFilesInSystem => SmcReason.DescriptorsExhausted,
                Errno.NoMemory or Errno.NoBufferSpace => SmcReason.OutOfMemory,
                Errno.Again => SmcReason.PeerBusy,
                Errno.AccessDenied or Errno.NotPermitted => SmcReason.RegistryUnavailable,
                _ => SmcReason.PeerNoSmc,
            };
            if (errno is Errno.ConnectionRefused or Errno.NoEntry) Forget(entry.Gid);
            return null;
        }

        if (!socket.TryGetCredentials(out PeerCredentials credentials) || credentials.UserId != _userId)
        {
            RefuseUser(credentials);
            reason = SmcReason.CredentialsRefused;
            socket.Dispose();
            return null;
        }

        var session = new PeerSession { Gid = entry.Gid, Expected = entry.Gid };
        session.Recognize(credentials);
        if (!_sockets.TryAdd(session.Identity, isOpenedHere: true))
        {
            reason = SmcReason.LimitReached;   // it is this process that has opened them
            socket.Dispose();
            return null;
        }

        session.Bind(_reactor!.Add(socket, credentials, session));
        SendHello(session);
        return Publish(session);
    }

    /// <summary>Sleeps until there is something to handle, or until <see cref="Wake"/>.</summary>
    public void WaitReadable() => _reactor!.WaitReadable();

    /// <summary>Handles what there is now, without waiting.</summary>
    /// <returns>False where there was nothing.</returns>
    public bool Handle() => _reactor!.Handle();

    /// <summary>Ends a <see cref="WaitReadable"/>.</summary>
    public void Wake() => _reactor!.Wake();

    /// <summary>Watches a socket on the reactor's turns.</summary>
    public SocketWatch Watch(Socket socket) => _reactor!.CreateWatch(socket);

    /// <summary>Watches a descriptor on the reactor's turns.</summary>
    public DescriptorWatch Watch(SafeHandle descriptor) => _reactor!.CreateWatch(descriptor);

    /// <summary>Handles everything that was sent to this process before the call: announcements, cancellations, registrations.</summary>
    public void Drain() => _reactor!.Drain();

    /// <summary>Takes the announcement of an accepted connection, if there is one. Call <see cref="Drain"/> first.</summary>
    public bool TryTakeAnnouncement(IPEndPoint client, IPEndPoint server, out PeerSession? session, out ulong nonce)
    {
        lock (_announcements) return _announcements.TryTake(RendezvousEndPoint.From(client), RendezvousEndPoint.From(server), out session, out nonce);
    }

    /// <summary>As <see cref="TryTakeAnnouncement(IPEndPoint, IPEndPoint, out PeerSession?, out ulong)"/>, and watches the attempt in the same
    /// step: a cancel that comes at this moment is either seen here, as no announcement, or told to <paramref name="observer"/>.</summary>
    public bool TryTakeAnnouncement(
        IPEndPoint client, IPEndPoint server, IAttemptObserver observer, [NotNullWhen(true)] out PeerSession? session, out ulong nonce)
    {
        lock (_announcements)
        {
            if (!TryTakeAnnouncement(client, server, out session, out nonce) || session is null) return false;
            if (!session.TryWatch(nonce, observer)) observer.Lost(session);
            return true;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _reactor?.Dispose();
        lock (_registryGate) _registry.Dispose();
    }

    void IControlHandler.OnAccepted(ControlChannel channel)
    {
        if (channel.Credentials.UserId != _userId)
        {
            RefuseUser(channel.Credentials);
            channel.Close();
            return;
        }

        var session = new PeerSession();
        session.Recognize(channel.Credentials);
        if (!_sockets.TryAdd(session.Identity, isOpenedHere: false))
        {
            if (session.Identity.IsSeen) _observer.SocketRefused(channel.Credentials);   // or nobody knows who has taken them
            channel.Close();
            return;
        }

        session.Bind(channel);
        channel.State = session;
        SendHello(session);
    }

    void IControlHandler.OnFrame(ControlChannel channel, ReadOnlySpan<byte> frame, FileDescriptor? descriptor)
    {
        var session = channel.State as PeerSession;
        WireError error = session is null ? WireError.WrongType : Dispatch(session, frame, ref descriptor);
        descriptor?.Dispose();
        if (error != WireError.None) RefuseFrame(channel, error);
    }

    void IControlHandler.OnTruncated(ControlChannel channel) => RefuseFrame(channel, WireError.BadLength);

    void IControlHandler.OnClosed(ControlChannel channel)
    {
        if (channel.IsOverfull) _observer.FramesUnread(channel.Credentials);
        if (channel.State is not PeerSession session) return;
        _sockets.Remove(session.Identity, channel.IsOpener);
        session.OnLost();
        lock (_sessionsGate)
        {
            if (_opened.TryGetValue(session.Gid, out PeerSession? known) && known == session) _opened.Remove(session.Gid);
        }

        lock (_announcements) _announcements.Forget(session);
        _observer.SessionLost(session);
    }

    private void RefuseFrame(ControlChannel channel, WireError error)
    {
        Interlocked.Increment(ref _badFrames);
        _observer.FrameRefused(channel.Credentials, error);
        channel.Close();
    }

    private void RefuseUser(PeerCredentials peer)
    {
        Interlocked.Increment(ref _credentialsRefused);
        _observer.UserRefused(peer);
    }

    private PeerSession? FindOpened(SmcGid gid)
    {
        lock (_sessionsGate) return _opened.TryGetValue(gid, out PeerSession? known) && !known.IsLost ? known : null;
    }

    /// <summary>Makes a session known, unless another thread has opened one to the same process meanwhile: then that one is it.</summary>
    private PeerSession Publish(PeerSession session)
    {
        lock (_sessionsGate)
        {
            bool isFirst = !_opened.TryGetValue(session.Gid, out PeerSession? known) || known.IsLost;
            if (!isFirst)
            {
                session.Close();
                return known!;
            }

            _opened[session.Gid] = session;
            return session;
        }
    }

    private WireError Dispatch(PeerSession session, ReadOnlySpan<byte> frame, ref FileDescriptor? descriptor)
    {
        WireError error = ControlCodec.TryReadHeader(frame, out ControlType type);
        if (error != WireError.None) return error;
        if (type == ControlType.Hello) return OnHello(session, frame);
        if (!session.IsReady || !MaySend(session, type)) return WireError.WrongType;
        switch (type)
        {
            case ControlType.Announce:
                error = ControlCodec.TryReadAnnounce(frame, out Announce announce);
                if (error == WireError.None) OnAnnounce(session, announce);
                return error;
            case ControlType.Matched:
                error = ControlCodec.TryReadMatched(frame, out Matched matched);
                if (error == WireError.None) session.OnMatched(matched.Nonce);
                return error;
            case ControlType.Cancel:
                error = ControlCodec.TryReadCancel(frame, out Cancel cancel);
                if (error == WireError.None) OnCancel(session, cancel);
                return error;
            case ControlType.OfferSlab:
                error = ControlCodec.TryReadOfferSlab(frame, out OfferSlab offer);
                if (error != WireError.None) return error;
                _observer.Offered(session, offer, descriptor);
                descriptor = null;
                return WireError.None;
            case ControlType.Mapped:
                error = ControlCodec.TryReadMapped(frame, out Mapped mapped);
                if (error == WireError.None) _observer.Mapped(session, mapped);
                return error;
            case ControlType.Refused:
                error = ControlCodec.TryReadRefused(frame, out Refused refused);
                if (error == WireError.None) _observer.Refused(session, refused);
                return error;
            case ControlType.Register:
                error = ControlCodec.TryReadRegister(frame, out Register register);
                if (error == WireError.None) _observer.Registered(session, register);
                return error;
            case ControlType.Detach:
                error = ControlCodec.TryReadDetach(frame, out Detach detach);
                if (error == WireError.None) _observer.Detached(session, detach);
                return error;
            case ControlType.DeleteGroup:
                error = ControlCodec.TryReadDeleteGroup(frame, out DeleteGroup deletion);
                if (error == WireError.None) _observer.GroupDeleted(session, deletion);
                return error;
            default:
                return WireError.WrongType;
        }
    }

    private static WireError OnHello(PeerSession session, ReadOnlySpan<byte> frame)
    {
        WireError error = ControlCodec.TryReadHello(frame, out Hello hello);
        if (error != WireError.None) return error;
        if (session.IsReady || (session.Expected is { } expected && expected != hello.Gid)) return WireError.WrongType;
        session.Gid = hello.Gid;
        session.IsReady = true;
        return WireError.None;
    }

    /// <summary>Clients announce and cancel, servers match; all else is said by both. Control regions are offered by servers alone, which whoever keeps the
    /// link groups checks: it counts as an offer, not as a frame.</summary>
    private static bool MaySend(PeerSession session, ControlType type) => type switch
    {
        ControlType.Announce or ControlType.Cancel => !session.IsClient,
        ControlType.Matched => session.IsClient,
        _ => true,
    };

    private void OnAnnounce(PeerSession session, Announce announce)
    {
        lock (_announcements) _announcements.TryAdd(session, in announce);
    }

    private void OnCancel(PeerSession session, Cancel cancel)
    {
        lock (_announcements)
        {
            if (_announcements.TryCancel(session, cancel.Nonce)) return;
        }

        session.OnCanceled(cancel.Nonce, SmcReasons.FromPeer(cancel.Reason));
    }

    private void SendHello(PeerSession session) => session.Send(new Hello(Gid, _networkNamespace, Features: 0));

    private void Forget(SmcGid gid)
    {
        lock (_registryGate) _registry.SweepIfDead(gid);
    }
}
