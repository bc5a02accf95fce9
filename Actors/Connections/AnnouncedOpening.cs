using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using static Smc.Actors.Protocol.HandshakeProtocol;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Connections;

/// <summary>What follows from what has happened to a connection that is announced.</summary>
internal enum OpeningStep
{
    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>It is connected, and no listener has matched it yet.</summary>
    Match,

    /// <summary>It is connected and matched.</summary>
    Propose,

    /// <summary>It is connected, and no listener is left that could match it.</summary>
    Cancel,

    /// <summary>It is not connected yet, and the device has gone down: nobody would say when it is.</summary>
    GiveUp,

    /// <summary>It is not connected: <see cref="AnnouncedOpening.Failure"/>.</summary>
    Fail,
}

/// <summary>
/// Opens a connection that is announced to those who listen before its first packet. It is connected and matched in either order; a listener
/// whose control socket hangs up is lost.
/// </summary>
/// <param name="endPoint">Where it connects to.</param>
/// <param name="device">Whose reactor says when it is open.</param>
/// <param name="journal">Of its handshake.</param>
/// <param name="owner">Is told TcpConnected, and what the listeners say.</param>
internal sealed class AnnouncedOpening(IPEndPoint endPoint, LoopbackDevice device, HandshakeJournal journal, IActorRef owner) : IDisposable
{
    private readonly AnnouncedSessions _announced = new(new AttemptObserver(owner));
    private TcpConnector? _connector;
    private DescriptorWatch? _watch;

    /// <summary>Names the connection in all frames about it.</summary>
    public ulong Nonce => _announced.Nonce;

    /// <summary>This end, once it is bound.</summary>
    public IPEndPoint Local => _connector!.Local;

    /// <summary>The listener that has matched it, or null.</summary>
    public PeerSession? Session { get; private set; }

    /// <summary>The connection, once it is made; the owner's.</summary>
    public Socket? Socket { get; private set; }

    /// <summary>Why it is not connected.</summary>
    public SocketError Failure { get; private set; }

    /// <summary>Binds a socket.</summary>
    /// <param name="isBound">False where it cannot be bound to the address that it connects to, which is not an error.</param>
    /// <returns>False where there is no socket: <see cref="Failure"/>.</returns>
    public bool TryBind(out bool isBound)
    {
        isBound = false;
        Failure = TcpConnector.TryOpen(endPoint, out _connector);
        if (Failure != SocketError.Success) return false;
        journal.Step = HandshakeStep.Announcement;
        isBound = _connector!.TryBind();
        if (!isBound) _connector.Dispose();
        return true;
    }

    /// <summary>Announces it, and connects.</summary>
    public OpeningStep Begin(IReadOnlyList<PeerSession> sessions)
    {
        journal.Local = Local;
        journal.Sent(HandshakeMessageKind.Announce);
        _announced.Announce(sessions, Local, endPoint);
        journal.Step = HandshakeStep.Match;
        return OnState(_connector!.Begin());
    }

    /// <summary>The reactor says that connecting has ended.</summary>
    public OpeningStep OnConnected() => OnState(_connector!.Finish());

    /// <summary>A listener has matched it.</summary>
    public OpeningStep OnMatched(PeerSession session)
    {
        Session = session;
        journal.Received(HandshakeMessageKind.Matched);
        return Socket is null ? OpeningStep.Wait : OpeningStep.Propose;
    }

    /// <summary>A control socket has hung up.</summary>
    public OpeningStep OnLost(PeerSession session)
    {
        _announced.Remove(session);
        if (Session == session) Session = null;
        if (_announced.Count > 0) return OpeningStep.Wait;
        if (Socket is not null) return OpeningStep.Cancel;
        if (_watch is null) return OpeningStep.Wait;

        // Where the device went down, and not the peer, its reactor will not say when the connection is open: the next one does. It may have said so already.
        _watch.Dispose();
        _watch = null;
        return OnState(_connector!.Finish());
    }

    /// <summary>Takes the announcement back at all but the listener that has matched it.</summary>
    public void CancelOthers() => _announced.Cancel(SmcReason.PeerCancelled, except: Session);

    /// <summary>Takes the announcement back.</summary>
    public void Cancel(SmcReason reason)
    {
        _announced.Cancel(reason);
        if (_announced.Count > 0) journal.Sent(HandshakeMessageKind.Cancel);
    }

    /// <summary>Hears nothing more. The connection, once made, stays.</summary>
    public void Dispose()
    {
        _announced.Unwatch();
        _watch?.Dispose();
        _connector?.Dispose();
    }

    private OpeningStep OnState(SocketError state)
    {
        if (state == SocketError.InProgress) return AwaitConnected();
        if (state != SocketError.Success) return Fail(state);
        _watch?.Dispose();
        Socket = _connector!.Take();
        journal.Sent(HandshakeMessageKind.Connected);
        if (Session is not null) return OpeningStep.Propose;
        return _announced.Count == 0 ? OpeningStep.Cancel : OpeningStep.Match;
    }

    private OpeningStep AwaitConnected()
    {
        if (_watch is null && device.Rendezvous is { } rendezvous)
        {
            _watch = rendezvous.Watch(_connector!.Handle);
            _watch.Ready = () => owner.Tell(TcpConnected.Instance, ActorRefs.NoSender);
        }

        if (_watch is null) return OpeningStep.GiveUp;
        return _watch.ArmForWriting() ? OpeningStep.Wait : Fail(SocketError.NoBufferSpaceAvailable);
    }

    private OpeningStep Fail(SocketError failure)
    {
        Failure = failure;
        return OpeningStep.Fail;
    }
}
