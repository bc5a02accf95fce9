using Akka.Actor;
using Akka.Event;
using Smc.Actors.LinkGroups;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using static Smc.Actors.Protocol.ConnectionProtocol;

namespace Smc.Actors.Connections;

/// <summary>
/// One connection on shared memory, from the end of its handshake until neither process touches its buffers. It opens the data path, hands
/// the stream out, and from then on only hears of changes of state.
/// <code>
/// event \ state  Open                                 PeerGone                       LocalGone
/// PathClosed     close TCP, detach -> LocalGone       close TCP, detach, stop        -
/// PathDetached   detach                               detach                         -
/// PeerDetached   end of the peer -> PeerGone          -                              stop
/// PeerLost       end of the peer -> PeerGone          -                              stop
/// TcpEnded       end of the peer                      -                              -
/// PathViolated   counted, close TCP; in every state
/// PathBlocking   logged, the first of its endpoint; in every state
/// stopped, or    close TCP, end of the peer           the same                       -
/// crashed
/// </code>
/// After TcpEnded it stays in Open: the peer's detach is still to come. The end of the peer without a word of its own is ConnectionReset for the
/// user. A crash costs the connection and nothing else: the successor goes on in the same state, with the event that its predecessor failed at,
/// until neither process touches the buffers. Should it fail at that event again it stops, and its group with it.
/// </summary>
internal sealed class ConnectionActor : UntypedActor
{
    private readonly ConnectionParts _parts;
    private readonly ConnectionTable _table;
    private readonly long _id;   // as the table names it: the same after a crash
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>How far it has come; null before it has begun.</summary>
    private Progress? _at;
    private object? _failedAt;   // by the predecessor, until it has gone well

    public ConnectionActor(ConnectionParts parts, ConnectionTable table, long id)
    {
        _parts = parts;
        _table = table;
        _id = id;
    }

    /// <inheritdoc />
    protected override void PreStart()
    {
        IActorRef self = Self;
        var guard = new TcpGuard(_parts.Connection, () => self.Tell(TcpEnded.Instance, ActorRefs.NoSender));
        SmcdPath path = _parts.Memory.Open(_parts.Slot, _parts.Own, _parts.Peer, new Observer(self));
        var stream = new SmcStream(path, _parts.Local, _parts.Remote, SmcReason.None);
        var at = new Progress(State.Open, new OpenConnection(guard, path));
        try
        {
            Enter(at);
            _table.Add(_id, stream, path, _parts.Group, _parts.OwnToken, _parts.Memory.Role());
            guard.Start();
            _parts.Receiver.Deliver(stream);
        }
        catch
        {
            Leave(at);   // no hook runs after this
            _table.Remove(_id);
            throw;
        }
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_at is { } at) Leave(at);
        _table.Remove(_id);   // also where it has not taken over, and its predecessor has left
    }

    /// <summary>Nothing that was said is lost: the buffers are not free before both ends have said so.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (_at is not { } at)
        {
            Context.Stop(Self);   // it failed at taking over
            return;
        }

        Leave(at);
        Self.Tell(new Resumed(at, message as IEvent));
        if (message is not null && ReferenceEquals(message, _failedAt)) Context.Stop(Self);
    }

    protected override void PostRestart(Exception reason)
    {
        // It has begun already.
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        bool isHandled = base.AroundReceive(receive, message);
        if (ReferenceEquals(message, _failedAt)) _failedAt = null;
        return isHandled;
    }

    /// <summary>The successor of a crashed instance, until it knows how far that had come.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Resumed resumed:
                Enter(resumed.At);
                _failedAt = resumed.FailedAt;
                if (_failedAt is { } again) Self.Tell(again);
                break;
            case IEvent early:
                Self.Tell(early);   // comes again behind Resumed
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Enter(Progress at)
    {
        _at = at;
        Become(at.State switch
        {
            State.Open => message => Open(message, at.Connection),
            State.PeerGone => message => PeerGone(message, at.Connection),
            _ => message => LocalGone(message, at.Connection),
        });
    }

    private void Open(object message, OpenConnection connection)
    {
        switch (message)
        {
            case PathClosed:
                CloseLocally(connection);
                Enter(new Progress(State.LocalGone, connection));
                break;
            case PathDetached:
                Detach();
                break;
            case PeerDetached or PeerLost:
                Enter(new Progress(State.PeerGone, connection));
                connection.Path.OnPeerEnded();
                break;
            case TcpEnded:
                connection.Path.OnPeerEnded();
                break;
            default:
                Always(message, connection);
                break;
        }
    }

    private void PeerGone(object message, OpenConnection connection)
    {
        switch (message)
        {
            case PathClosed:
                CloseLocally(connection);
                Enter(new Progress(State.LocalGone, connection));
                End(connection);
                break;
            case PathDetached:
                Detach();
                break;
            case PeerDetached or PeerLost or TcpEnded:
                break;   // known
            default:
                Always(message, connection);
                break;
        }
    }

    private void LocalGone(object message, OpenConnection connection)
    {
        switch (message)
        {
            case PeerDetached or PeerLost:
                End(connection);
                break;
            case PathClosed or PathDetached or TcpEnded:
                break;   // known
            default:
                Always(message, connection);
                break;
        }
    }

    private void Always(object message, OpenConnection connection)
    {
        switch (message)
        {
            case PathViolated violated:
                string token = _parts.OwnToken.ToString("x16", null);
                if (_table.Count(violated.Violation, _parts.Remote))
                    _log.Warning("Connection {0} aborted: the peer broke a rule, {1}. More of this are counted only.", token, violated.Violation);
                else
                    _log.Debug("Connection {0} aborted: the peer broke a rule, {1}", token, violated.Violation);
                connection.Guard.Close();
                break;
            case PathBlocking:
                if (_table.IsFirstBlocking(_parts.Memory.Side == GroupSide.Server ? _parts.Local : _parts.Remote))
                {
                    _log.Warning(
                        "An inline continuation of the connection {0} to {1} blocks its wake thread, and every connection of it. More of this are not told.",
                        _parts.Local, _parts.Remote);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Its user has closed it. The flags were stored before: the peer knows that the end of the TCP connection is no accident.</summary>
    private void CloseLocally(OpenConnection connection)
    {
        Close(connection);
        Detach();
    }

    /// <summary>Its user has not closed it, and gets ConnectionReset.</summary>
    private void Leave(Progress at)
    {
        if (at.State == State.LocalGone) return;
        Close(at.Connection);
        at.Connection.Path.OnPeerEnded();
    }

    private void Close(OpenConnection connection)
    {
        _table.Close(_id);
        connection.Guard.Close();
    }

    /// <summary>Neither end touches the buffers any more.</summary>
    private void End(OpenConnection connection)
    {
        Context.Parent.Tell(new ConnectionEnded(_parts.Nonce, connection.Path.TouchedBytes, connection.Path.UsedBytes));
        Context.Stop(Self);
    }

    private void Detach() => Context.Parent.Tell(new DetachPeer(_parts.Nonce));

    private enum State
    {
        Open,
        PeerGone,
        LocalGone,
    }

    private sealed record OpenConnection(TcpGuard Guard, SmcdPath Path);

    private sealed record Progress(State State, OpenConnection Connection);

    /// <summary>From a crashed instance to its successor.</summary>
    private sealed record Resumed(Progress At, IEvent? FailedAt) : INoSerializationVerificationNeeded;

    private sealed class Observer(IActorRef connection) : IPathObserver
    {
        public void Closed() => connection.Tell(PathClosed.Instance, ActorRefs.NoSender);

        public void Detached() => connection.Tell(PathDetached.Instance, ActorRefs.NoSender);

        public void Blocking() => connection.Tell(PathBlocking.Instance, ActorRefs.NoSender);

        public void Violated(RingViolation violation) => connection.Tell(new PathViolated(violation), ActorRefs.NoSender);
    }
}
