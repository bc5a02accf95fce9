using System.Diagnostics;
using System.Net;
using Akka.Actor;
using Akka.Event;
using Smc.Transport;

namespace Smc.Actors.Protocol;

/// <summary>
/// What a runtime tells of itself, on the event stream of its actor system: whoever subscribes to <see cref="RuntimeEvent"/> hears all of it.
/// Told at the beginnings and ends of things, never once a read or write. There is one runtime in an actor system, so that its events are of it alone.
/// </summary>
public static class RuntimeEvents
{
    /// <summary>One of them.</summary>
    public abstract record RuntimeEvent : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        /// <summary>When, UTC.</summary>
        public DateTime At { get; init; } = DateTime.UtcNow;
    }

    /// <summary>How a handshake ended.</summary>
    public enum HandshakeOutcome : byte
    {
        /// <summary>The connection is on shared memory.</summary>
        Smc,

        /// <summary>The connection is TCP.</summary>
        Fallback,

        /// <summary>There is no connection.</summary>
        Failed,
    }

    /// <summary>What the ends of a handshake say, over the control socket or in CLC.</summary>
    public enum HandshakeMessageKind : byte
    {
        /// <summary>The client tells the listener of its connection, over the control socket.</summary>
        Announce,

        /// <summary>The TCP connection is made: said by no message.</summary>
        Connected,

        /// <summary>The listener has accepted the announced connection, over the control socket.</summary>
        Matched,

        /// <summary>The client goes on without SMC, over the control socket.</summary>
        Cancel,

        /// <summary>CLC Proposal.</summary>
        Proposal,

        /// <summary>CLC Accept.</summary>
        Accept,

        /// <summary>CLC Confirm.</summary>
        Confirm,

        /// <summary>CLC Decline.</summary>
        Decline,
    }

    /// <summary>One message of a handshake.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="IsSent">False where it came from the peer.</param>
    /// <param name="After">Since the handshake began.</param>
    public readonly record struct HandshakeMessage(HandshakeMessageKind Kind, bool IsSent, TimeSpan After);

    /// <summary>A handshake has ended. Every ConnectAsync is one, and every accepted connection that was announced or looked at; a connection that a
    /// listener took for plain at once is none.</summary>
    /// <param name="Outcome">How.</param>
    /// <param name="Decision">What was decided where; the step that it had come to where it failed.</param>
    /// <param name="Local">This end; null where it had none yet.</param>
    /// <param name="Remote">The other.</param>
    /// <param name="Mode">What carries the connection; null where there is none.</param>
    /// <param name="Error">Where it failed: a name of <see cref="System.Net.Sockets.SocketError"/>, of the CLC rule that the peer broke, or Canceled;
    /// empty otherwise.</param>
    /// <param name="Started">When it began, UTC; a client's when its caller asked.</param>
    /// <param name="Duration">From then to now, by a clock that is never set.</param>
    /// <param name="Messages">What was said, in order.</param>
    /// <param name="Caller">The activity that the client's caller was in; default for none.</param>
    public sealed record HandshakeEnded(
        HandshakeOutcome Outcome,
        HandshakeDecision Decision,
        IPEndPoint? Local,
        IPEndPoint Remote,
        SmcMode? Mode,
        string Error,
        DateTime Started,
        TimeSpan Duration,
        IReadOnlyList<HandshakeMessage> Messages,
        ActivityContext Caller) : RuntimeEvent;

    /// <summary>A connection is open.</summary>
    /// <param name="Id">As <c>smc connections</c> lists it.</param>
    /// <param name="Mode">What carries it.</param>
    /// <param name="Local">This end of the TCP connection.</param>
    /// <param name="Remote">The other.</param>
    /// <param name="Decision">Why it is what it is.</param>
    /// <param name="LinkGroup">The link group, 8 hex digits; empty for TCP.</param>
    public sealed record ConnectionOpened(string Id, SmcMode Mode, IPEndPoint Local, IPEndPoint Remote, HandshakeDecision Decision, string LinkGroup) : RuntimeEvent;

    /// <summary>A Proposal came after the application had got the connection: why it is TCP is another reason than it was opened with.</summary>
    /// <param name="Id">As <c>smc connections</c> lists it.</param>
    /// <param name="Local">This end of the TCP connection.</param>
    /// <param name="Remote">The other.</param>
    /// <param name="Decision">The right one.</param>
    public sealed record LateProposal(string Id, IPEndPoint Local, IPEndPoint Remote, HandshakeDecision Decision) : RuntimeEvent;

    /// <summary>A connection is closed at this end.</summary>
    /// <param name="Id">As <c>smc connections</c> listed it.</param>
    /// <param name="Mode">What carried it.</param>
    /// <param name="Local">This end of the TCP connection.</param>
    /// <param name="Remote">The other.</param>
    /// <param name="Role">This end's.</param>
    /// <param name="End">How; None where the runtime ended it under its user.</param>
    /// <param name="Duration">Since it was open.</param>
    /// <param name="BytesSent">Written by the application.</param>
    /// <param name="BytesReceived">Read by the application.</param>
    public sealed record ConnectionClosed(
        string Id,
        SmcMode Mode,
        IPEndPoint Local,
        IPEndPoint Remote,
        ConnectionRole Role,
        ConnectionEnd End,
        TimeSpan Duration,
        long BytesSent,
        long BytesReceived) : RuntimeEvent;

    /// <summary>What a peer broke a rule of.</summary>
    public enum RuleLayer : byte
    {
        /// <summary>The cursors of the ring: the connection was aborted.</summary>
        Ring,

        /// <summary>CLC: the handshake was reset, or declined.</summary>
        Clc,

        /// <summary>Tokens: the connection was reset; after three the control socket was closed.</summary>
        Token,

        /// <summary>Frames of a control socket, those left unread, and more than any runtime says in them: it was closed.</summary>
        Control,

        /// <summary>Credentials: the control socket was closed.</summary>
        Credentials,

        /// <summary>Memory that was offered: it was not mapped, and the connection fell back. Or a DMB that is not in it: the connection fell back,
        /// or was reset.</summary>
        Memory,
    }

    /// <summary>A peer broke a rule.</summary>
    /// <param name="Layer">Of what.</param>
    /// <param name="Rule">Which.</param>
    /// <param name="Peer">Who, as far as is known: an address, or a process and its user, as the kernel says, behind the GID that it gives itself.</param>
    public sealed record RuleBroken(RuleLayer Layer, string Rule, string Peer) : RuntimeEvent;

    /// <summary>A link group has begun.</summary>
    /// <param name="Group">Its id, 8 hex digits.</param>
    /// <param name="Role">This end's.</param>
    /// <param name="Peer">The GID of the peer's process.</param>
    public sealed record LinkGroupOpened(string Group, ConnectionRole Role, string Peer) : RuntimeEvent;

    /// <summary>A link group has ended.</summary>
    /// <param name="Group">Its id, 8 hex digits.</param>
    /// <param name="Role">This end's.</param>
    /// <param name="Peer">The GID of the peer's process.</param>
    public sealed record LinkGroupClosed(string Group, ConnectionRole Role, string Peer) : RuntimeEvent;

    /// <summary>A device has come up.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="Gid">Its GID.</param>
    public sealed record DeviceUp(string Device, string Gid) : RuntimeEvent;

    /// <summary>A device has gone down, or could not come up.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="Reason">Why.</param>
    public sealed record DeviceDown(string Device, SmcReason Reason) : RuntimeEvent;
}
