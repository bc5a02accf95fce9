using System.Net;
using System.Net.Sockets;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>
/// What happened in one handshake, written by its actor as it goes. The stream is delivered through it, so that it hears the end also where the
/// actor has handed the attempt over to a link group. It tells the end once.
/// </summary>
/// <param name="events">Where it tells it.</param>
/// <param name="role">This end's.</param>
/// <param name="remote">The other end.</param>
/// <param name="start">When it began.</param>
/// <param name="receiver">Where the stream goes.</param>
internal sealed class HandshakeJournal(EventPublisher events, ConnectionRole role, IPEndPoint remote, HandshakeStart start, LinkGroupProtocol.IStreamReceiver receiver)
    : LinkGroupProtocol.IStreamReceiver
{
    private readonly List<HandshakeMessage> _messages = new(6);
    private int _hasEnded;

    /// <summary>The step that it has come to.</summary>
    public HandshakeStep Step { get; set; }

    /// <summary>This end, once known.</summary>
    public IPEndPoint? Local { get; set; }

    /// <summary>A message has been sent.</summary>
    public void Sent(HandshakeMessageKind kind) => _messages.Add(new HandshakeMessage(kind, IsSent: true, start.Elapsed));

    /// <summary>A message has come.</summary>
    public void Received(HandshakeMessageKind kind) => _messages.Add(new HandshakeMessage(kind, IsSent: false, start.Elapsed));

    /// <summary>This end decides for TCP at this step.</summary>
    public HandshakeDecision Decide(SmcReason reason) => new(role, Step, role, reason);

    /// <summary>The peer has decided for TCP at this step.</summary>
    /// <param name="reason">What this end calls it.</param>
    /// <param name="peerReason">What the peer calls it; None where it gave no reason.</param>
    public HandshakeDecision DecidedByPeer(SmcReason reason, SmcReason peerReason = SmcReason.None) =>
        new(role, Step, role == ConnectionRole.Client ? ConnectionRole.Server : ConnectionRole.Client, reason, peerReason);

    /// <summary>There is a connection on shared memory.</summary>
    public void Deliver(SmcStream stream) => Deliver(stream, HandshakeDecision.Complete(role));

    /// <summary>There is a connection.</summary>
    public void Deliver(SmcStream stream, HandshakeDecision decision)
    {
        Local = stream.LocalEndPoint;
        End(stream.Mode == SmcMode.Tcp ? HandshakeOutcome.Fallback : HandshakeOutcome.Smc, decision, stream.Mode, string.Empty);
        receiver.Deliver(stream);
    }

    /// <inheritdoc />
    public void Fail(SocketError reason)
    {
        Failed(reason.ToString());
        receiver.Fail(reason);
    }

    /// <summary>There is no connection; the receiver hears of it by other means.</summary>
    /// <param name="error">A name that is one of few.</param>
    public void Failed(string error) => End(HandshakeOutcome.Failed, Decide(SmcReason.None), null, error);

    private void End(HandshakeOutcome outcome, HandshakeDecision decision, SmcMode? mode, string error)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0) return;
        TimeSpan duration = start.Elapsed;
        events.Publish(new HandshakeEnded(outcome, decision, Local, remote, mode, error, start.At, duration, [.. _messages], start.Caller) { At = start.At + duration });
    }
}
