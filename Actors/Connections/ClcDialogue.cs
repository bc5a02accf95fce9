using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Connections;

/// <summary>What an end hears of the other where it waits for a message.</summary>
internal enum ClcHeard
{
    /// <summary>Nothing yet: <see cref="ClcReadable"/> will follow.</summary>
    Waiting,

    /// <summary>That message, and it is good.</summary>
    Good,

    /// <summary>That message, to be declined: <see cref="ClcDialogue.Verdict"/>.</summary>
    Unfit,

    /// <summary>A Decline: <see cref="ClcDialogue.Declined"/>.</summary>
    Decline,

    /// <summary>Nothing that goes on: <see cref="ClcDialogue.Failure"/>.</summary>
    Broken,
}

/// <summary>One end of what a client and a server say to each other in CLC on their TCP connection, with the journal of it.</summary>
/// <param name="device">This process's.</param>
/// <param name="journal">Of the handshake.</param>
/// <param name="owner">Is told <see cref="ClcReadable"/>.</param>
internal abstract class ClcDialogue(LoopbackDevice device, HandshakeJournal journal, IActorRef owner)
{
    private ClcChannel? _channel;

    /// <summary>It has begun, and the connection is neither given away nor broken off.</summary>
    public bool IsOpen => _channel is not null;

    /// <summary>What was made of the last message.</summary>
    public ClcVerdict Verdict { get; private set; }

    /// <summary>Why it is plain TCP: the other end declined.</summary>
    public HandshakeDecision? Declined { get; private set; }

    /// <summary>The other end declined because the ends are out of step.</summary>
    public bool IsOutOfSync { get; private set; }

    /// <summary>Why it cannot go on.</summary>
    public ClcFailure Failure { get; private set; }

    /// <summary>This process's device.</summary>
    protected LoopbackDevice Device { get; } = device;

    /// <summary>The journal.</summary>
    protected HandshakeJournal Journal { get; } = journal;

    /// <summary>The connection, while it is open.</summary>
    protected ClcChannel Channel => _channel!;

    /// <summary>As <see cref="ClcChannel.TryReserveWatch"/>.</summary>
    public bool TryReserveWatch() => Channel.TryReserveWatch();

    /// <summary>Writes a Decline.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryDecline(SmcReason reason)
    {
        if (!Channel.TryDecline(reason)) return false;
        Journal.Sent(HandshakeMessageKind.Decline);
        return true;
    }

    /// <summary>Gives the connection to a guard.</summary>
    public SocketWatch TakeWatch() => Leave()!.TakeWatch();

    /// <summary>Gives the connection to the application, also one on which nothing was said.</summary>
    /// <returns>What was read and is the application's.</returns>
    public byte[] Release() => Leave()?.Release() ?? [];

    /// <summary>Breaks the connection off, if it is still here.</summary>
    public void Reset() => Leave()?.Reset();

    /// <summary>Begins on a connection.</summary>
    protected void Open(Socket socket, HostRendezvous rendezvous) => _channel = new ClcChannel(socket, rendezvous, Device.ClcBuffers, owner);

    /// <summary>The message that was waited for has been judged.</summary>
    protected ClcHeard Hear(ClcVerdict verdict)
    {
        Verdict = verdict;
        if (verdict.IsGood) return ClcHeard.Good;
        return verdict.Decline != SmcReason.None ? ClcHeard.Unfit : Break(new ClcFailure(verdict.Breach, SocketError.Success));
    }

    /// <summary>The message that was read is a Decline.</summary>
    protected ClcHeard HearDecline()
    {
        WireError error = Transport.Wire.Clc.Decline.TryWrap(Channel.Message, out Decline decline);
        if (error != WireError.None) return Break(new ClcFailure(error, SocketError.Success));
        Journal.Received(HandshakeMessageKind.Decline);
        Declined = Journal.DecidedByPeer(SmcReason.PeerDeclined, decline.Diagnosis);
        IsOutOfSync = decline.IsOutOfSync;
        return ClcHeard.Decline;
    }

    /// <summary>There is no going on.</summary>
    protected ClcHeard Break(ClcFailure failure)
    {
        Failure = failure;
        return ClcHeard.Broken;
    }

    private ClcChannel? Leave()
    {
        ClcChannel? channel = _channel;
        _channel = null;
        return channel;
    }
}
