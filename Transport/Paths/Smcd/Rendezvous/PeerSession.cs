using System.Collections.Concurrent;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>What the control plane learns of one connection attempt over the control socket. Called on the reactor's turn; must not block.</summary>
public interface IAttemptObserver
{
    /// <summary>The listener accepted the announced connection (client side).</summary>
    void Matched(PeerSession session);

    /// <summary>The client goes on without SMC (server side).</summary>
    void Canceled(SmcReason reason);

    /// <summary>The control socket hung up.</summary>
    void Lost(PeerSession session);
}

/// <summary>
/// The control socket between this process and one other, in one role: whoever opened it is the client of every link group on it. Two
/// processes that connect to each other have two.
/// </summary>
public sealed class PeerSession
{
    /// <summary>Wrong tokens that a peer may name before its control socket is closed.</summary>
    private const int MaxWrongTokens = 3;

    private readonly ConcurrentDictionary<ulong, IAttemptObserver> _attempts = new();
    private ControlChannel? _channel;
    private int _wrongTokens;
    private int _lost;

    /// <summary>A control socket that is not open yet.</summary>
    public PeerSession() => Identity = PeerIdentity.Of(default, 0, this);

    /// <summary>The peer's device, once its Hello has come.</summary>
    public SmcGid Gid { get; internal set; }

    /// <summary>Who the peer is, as the kernel says.</summary>
    public PeerCredentials Credentials => _channel?.Credentials ?? default;

    /// <summary>When the peer's process began, in clock ticks since the system did: another that gets its number later has another. 0 where it is not
    /// visible from here, or had gone before it could be looked at.</summary>
    public long ProcessStart { get; private set; }

    /// <summary>Whom the limits of this peer are counted for; the session itself until its socket is known.</summary>
    public PeerIdentity Identity { get; private set; }

    /// <summary>True where this process opened the socket: it is the client.</summary>
    public bool IsClient => _channel?.IsOpener ?? false;

    /// <summary>True once the control socket has hung up.</summary>
    public bool IsLost => Volatile.Read(ref _lost) != 0;

    /// <summary>True once this end has hung up, or is about to: what the peer still says is not waited for.</summary>
    public bool IsGivenUp => _channel?.IsGivenUp ?? false;

    /// <summary>True once the peer's Hello has come.</summary>
    internal bool IsReady { get; set; }

    /// <summary>The device that the registry names for the peer; the Hello must agree.</summary>
    internal SmcGid? Expected { get; init; }

    /// <summary>Names a connection attempt for whoever wants to hear of it.</summary>
    /// <returns>False where the socket has hung up.</returns>
    public bool TryWatch(ulong nonce, IAttemptObserver observer)
    {
        _attempts[nonce] = observer;
        if (!IsLost) return true;
        _attempts.TryRemove(nonce, out _);
        return false;
    }

    /// <summary>Forgets a connection attempt.</summary>
    public void Unwatch(ulong nonce) => _attempts.TryRemove(nonce, out _);

    /// <summary>Counts a token that the peer may not name. The third closes the control socket.</summary>
    public void CountWrongToken()
    {
        if (Interlocked.Increment(ref _wrongTokens) >= MaxWrongTokens) Close();
    }

    /// <summary>Hangs up: every link group on this socket ends.</summary>
    public void Close() => _channel?.Close();

    /// <summary>Sends a frame.</summary>
    /// <param name="frame">Any frame.</param>
    /// <param name="descriptor">For an offer, its memory: closed here once it is on its way.</param>
    public void Send<T>(in T frame, FileDescriptor? descriptor = null)
        where T : struct, IControlFrame
    {
        Span<byte> buffer = stackalloc byte[ControlCodec.MaxFrameLength];
        int length = frame.Write(buffer);
        if (_channel is { } channel) channel.Send(buffer[..length], descriptor);
        else descriptor?.Dispose();
    }

    /// <summary>Says when all frames that were sent so far are where the peer finds them before it looks at a byte that comes another way.</summary>
    /// <param name="sent">Called once: at once, or on the reactor's turn; also where the socket hangs up first.</param>
    public void WhenSent(Action sent)
    {
        if (_channel is { } channel) channel.WhenSent(sent);
        else sent();
    }

    /// <summary>Learns who is at the other end, before anything comes from there.</summary>
    internal void Recognize(PeerCredentials peer) => Recognize(peer, Interop.Linux.ProcessStart.Of(peer.ProcessId));

    /// <inheritdoc cref="Recognize(PeerCredentials)" />
    /// <param name="peer">As the kernel says.</param>
    /// <param name="start">When its process began.</param>
    internal void Recognize(PeerCredentials peer, long start)
    {
        ProcessStart = start;
        Identity = PeerIdentity.Of(peer, start, this);
    }

    internal void Bind(ControlChannel channel) => _channel = channel;

    internal void OnMatched(ulong nonce)
    {
        if (_attempts.TryGetValue(nonce, out IAttemptObserver? observer)) observer.Matched(this);
    }

    internal void OnCanceled(ulong nonce, SmcReason reason)
    {
        if (_attempts.TryGetValue(nonce, out IAttemptObserver? observer)) observer.Canceled(reason);
    }

    internal void OnLost()
    {
        Volatile.Write(ref _lost, 1);
        foreach (ulong nonce in _attempts.Keys)
        {
            if (_attempts.TryRemove(nonce, out IAttemptObserver? observer)) observer.Lost(this);
        }
    }
}
