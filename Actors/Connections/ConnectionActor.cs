using Akka.Actor;
using Akka.Event;
using Smc.Actors.LinkGroups;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using static Smc.Actors.Protocol.ConnectionProtocol;

namespace Smc.Actors.Connections;

/// <summary>
/// One connection on shared memory, from the end of its handshake until neither process touches its buffers. It opens the data path, hands
/// the stream out, and from then on only hears of changes of state.
/// <code>
/// event \ state  Open                                 PeerGone                       LocalGone                  done
/// PathClosed     close TCP, detach -> LocalGone       close TCP -> done              -                          stop
/// PathDetached   -                                    detach                         -
/// PeerDetached   end of the peer -> PeerGone          -                              -> done
/// PeerLost       end of the peer -> PeerGone          -                              -> done
/// TcpEnded       end of the peer (stays: the peer's detach is still to come)         -
/// PathViolated   counted, reset TCP
/// PathBlocking   logged, in every state
/// </code>
/// </summary>
internal sealed class ConnectionActor : UntypedActor
{
    private readonly ConnectionParts _parts;
    private readonly ConnectionTable _table;
    private readonly long _id;
    private readonly TcpGuard _guard;
    private readonly SmcdPath _path;
    private readonly SmcStream _stream;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isClosed;
    private bool _isPeerGone;

    public ConnectionActor(ConnectionParts parts, ConnectionTable table)
    {
        _parts = parts;
        _table = table;
        _id = table.NextId();
        IActorRef self = Self;
        _guard = new TcpGuard(parts.Connection, () => self.Tell(TcpEnded.Instance, ActorRefs.NoSender));
        _path = parts.Memory.Open(parts.Slot, parts.Own, parts.Peer, new Observer(self));
        _stream = new SmcStream(_path, parts.Local, parts.Remote, SmcReason.None);
    }

    /// <inheritdoc />
    protected override void PreStart()
    {
        _table.Add(_id, _stream, _path, _parts.Group);
        _guard.Start();
        _parts.Receiver.Deliver(_stream);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _table.Remove(_id);
        _guard.Close();
        if (!_isClosed) _path.OnPeerEnded();   // stopped from above: the user gets ConnectionReset
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PathClosed:
                _isClosed = true;
                _table.Remove(_id);
                _guard.Close();   // the flags were stored before: the peer knows that this is no accident
                Detach();
                break;
            case PathDetached:
                Detach();
                break;
            case PeerDetached or PeerLost:
                _isPeerGone = true;
                EndPeer();
                break;
            case TcpEnded:
                EndPeer();
                break;
            case PathViolated violated:
                string token = _parts.OwnToken.ToString("x16", null);
                if (_table.Count(violated.Violation))
                    _log.Warning("Connection {0} aborted: the peer broke a rule, {1}. More of this are counted only.", token, violated.Violation);
                else
                    _log.Debug("Connection {0} aborted: the peer broke a rule, {1}", token, violated.Violation);
                _guard.Close();
                break;
            case PathBlocking:
                _log.Warning("An inline continuation of the connection {0} to {1} blocks its wake thread, and every connection of it", _parts.Local, _parts.Remote);
                break;
            default:
                Unhandled(message);
                break;
        }

        if (!_isClosed || !_isPeerGone) return;
        Context.Parent.Tell(new ConnectionEnded(_parts.Nonce, _path.TouchedBytes));
        Context.Stop(Self);
    }

    private void EndPeer()
    {
        if (!_isClosed) _path.OnPeerEnded();
    }

    private void Detach() => Context.Parent.Tell(new DetachPeer(_parts.Nonce));

    private sealed class Observer(IActorRef connection) : IPathObserver
    {
        public void Closed() => connection.Tell(PathClosed.Instance, ActorRefs.NoSender);

        public void Detached() => connection.Tell(PathDetached.Instance, ActorRefs.NoSender);

        public void Blocking() => connection.Tell(PathBlocking.Instance, ActorRefs.NoSender);

        public void Violated(RingViolation violation) => connection.Tell(new PathViolated(violation), ActorRefs.NoSender);
    }
}
