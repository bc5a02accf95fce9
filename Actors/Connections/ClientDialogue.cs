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

/// <summary>What a server answers to a Proposal.</summary>
internal enum ProposalAnswer
{
    /// <summary>Nothing yet: <see cref="ClcReadable"/> will follow.</summary>
    Waiting,

    /// <summary>An Accept that is good.</summary>
    Accept,

    /// <summary>An Accept that is to be declined: <see cref="ClientDialogue.Verdict"/>.</summary>
    UnfitAccept,

    /// <summary>A Decline: <see cref="ClientDialogue.Declined"/>.</summary>
    Decline,

    /// <summary>Nothing that goes on: <see cref="ClientDialogue.Failure"/>.</summary>
    Broken,
}

/// <summary>What a client and a server say to each other in CLC on their TCP connection, with the journal of it: Proposal, Accept, Confirm, Decline.</summary>
/// <param name="device">This process's.</param>
/// <param name="journal">Of the handshake.</param>
/// <param name="owner">Is told <see cref="ClcReadable"/>.</param>
internal sealed class ClientDialogue(LoopbackDevice device, HandshakeJournal journal, IActorRef owner)
{
    private readonly ClientHandshake _words = new(device);
    private ClcChannel? _channel;

    /// <summary>A Proposal has been written, and the connection is neither given away nor broken off.</summary>
    public bool IsOpen => _channel is not null;

    /// <summary>The Accept that was found good.</summary>
    public SmcdAcceptFields Accept => _words.Accept;

    /// <summary>What was made of the last Accept.</summary>
    public ClcVerdict Verdict { get; private set; }

    /// <summary>Why it is plain TCP: the server declined.</summary>
    public HandshakeDecision? Declined { get; private set; }

    /// <summary>Why it cannot go on.</summary>
    public ClcFailure Failure { get; private set; }

    /// <summary>Writes the Proposal.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryPropose(Socket socket, HostRendezvous rendezvous)
    {
        _channel = new ClcChannel(socket, rendezvous, device.ClcBuffers, owner);
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!_channel.TryWrite(buffer[.._words.WriteProposal(buffer)])) return false;
        journal.Sent(HandshakeMessageKind.Proposal);
        journal.Step = HandshakeStep.Proposal;
        return true;
    }

    /// <summary>Reads what the server answers.</summary>
    /// <param name="peer">The device at the other end of the control socket.</param>
    public ProposalAnswer Read(SmcGid peer)
    {
        switch (_channel!.TryRead(ClcType.Accept))
        {
            case ClcRead.Waiting: return ProposalAnswer.Waiting;
            case ClcRead.Failed: return Break(_channel.Failure);
            default: return _channel.Header.Type == ClcType.Decline ? OnDecline() : OnAccept(peer);
        }
    }

    /// <summary>Reads what a server answers that may not know what a Proposal is. Only a Decline can be meant: without a control socket there
    /// is no memory to accept.</summary>
    public ProposalAnswer ReadDecline()
    {
        ClcRead read = _channel!.TryRead(ClcType.Decline);
        if (read == ClcRead.Done) return OnDecline();
        bool isDecline = read == ClcRead.Waiting && (_channel.Unread.Length >= ClcHeader.Size || ClcFraming.CouldBegin(_channel.Unread, ClcType.Decline));
        return isDecline ? ProposalAnswer.Waiting : Break(_channel.Failure);
    }

    /// <summary>As <see cref="ClcChannel.TryReserveWatch"/>: asked before the Confirm.</summary>
    public bool TryReserveWatch() => _channel!.TryReserveWatch();

    /// <summary>Writes the Confirm.</summary>
    /// <param name="prepared">This end's DMB.</param>
    /// <returns>False where the connection is gone.</returns>
    public bool TryConfirm(LinkGroupProtocol.Prepared prepared)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!_channel!.TryWrite(buffer[.._words.WriteConfirm(buffer, prepared)])) return false;
        journal.Sent(HandshakeMessageKind.Confirm);
        return true;
    }

    /// <summary>Writes a Decline.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryDecline(SmcReason reason)
    {
        if (!_channel!.TryDecline(reason)) return false;
        journal.Sent(HandshakeMessageKind.Decline);
        return true;
    }

    /// <summary>Gives the connection to a guard.</summary>
    public SocketWatch TakeWatch() => Leave()!.TakeWatch();

    /// <summary>Gives the connection to the application, also one on which nothing was said.</summary>
    /// <returns>What was read and is the application's.</returns>
    public byte[] Release() => Leave()?.Release() ?? [];

    /// <summary>Breaks the connection off, if something was said on it.</summary>
    public void Reset() => Leave()?.Reset();

    private ProposalAnswer OnAccept(SmcGid peer)
    {
        journal.Received(HandshakeMessageKind.Accept);
        journal.Step = HandshakeStep.Accept;
        Verdict = _words.Judge(_channel!.Header, _channel.Message, peer);
        if (Verdict.IsGood) return ProposalAnswer.Accept;
        return Verdict.Decline != SmcReason.None ? ProposalAnswer.UnfitAccept : Break(new ClcFailure(Verdict.Breach, SocketError.Success));
    }

    private ProposalAnswer OnDecline()
    {
        WireError error = Transport.Wire.Clc.Decline.TryWrap(_channel!.Message, out Decline decline);
        if (error != WireError.None) return Break(new ClcFailure(error, SocketError.Success));
        journal.Received(HandshakeMessageKind.Decline);
        Declined = journal.DecidedByPeer(SmcReason.PeerDeclined, decline.Diagnosis);
        return ProposalAnswer.Decline;
    }

    private ProposalAnswer Break(ClcFailure failure)
    {
        Failure = failure;
        return ProposalAnswer.Broken;
    }

    private ClcChannel? Leave()
    {
        ClcChannel? channel = _channel;
        _channel = null;
        return channel;
    }
}
