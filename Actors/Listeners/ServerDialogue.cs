using Akka.Actor;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Listeners;

/// <summary>What a server says, and hears of its client: first bytes that may be a Proposal, Proposal, Accept, Confirm, Decline.</summary>
internal sealed class ServerDialogue : ClcDialogue
{
    private readonly ServerHandshake _handshake;

    /// <param name="accepted">The connection, open from now on.</param>
    /// <param name="device">This process's.</param>
    /// <param name="journal">Of the handshake.</param>
    /// <param name="owner">Is told <see cref="ClcReadable"/>.</param>
    public ServerDialogue(AcceptedConnection accepted, LoopbackDevice device, HandshakeJournal journal, IActorRef owner)
        : base(device, journal, owner)
    {
        _handshake = new ServerHandshake(device, accepted.Announcement?.Session.Gid);
        Open(accepted.Socket, accepted.Rendezvous);
    }

    /// <summary>The Accept that was written.</summary>
    public SmcdAcceptFields Accept => _handshake.Accept;

    /// <summary>The client's DMB as its Confirm names it.</summary>
    public (ulong Token, byte SizeCode) Confirmed { get; private set; }

    /// <summary>What has been read may be the beginning of a Proposal.</summary>
    public ClcSniff FirstBytes => ClcFraming.Sniff(Channel.Unread);

    /// <summary>As <see cref="ClcChannel.TryReadFirst"/>.</summary>
    public ClcRead ReadFirst()
    {
        ClcRead read = Channel.TryReadFirst();
        if (read == ClcRead.Failed) Break(Channel.Failure);
        return read;
    }

    /// <summary>Reads the Proposal or the Confirm.</summary>
    public ClcHeard Read(ClcType awaited)
    {
        switch (Channel.TryRead(awaited))
        {
            case ClcRead.Waiting: return ClcHeard.Waiting;
            case ClcRead.Failed: return Break(Channel.Failure);
            case ClcRead.Done when Channel.Header.Type == ClcType.Decline: return HearDecline();
            default: return awaited == ClcType.Proposal ? HearProposal() : HearConfirm();
        }
    }

    /// <summary>Writes the Accept.</summary>
    /// <param name="prepared">This end's DMB.</param>
    /// <returns>False where the connection is gone.</returns>
    public bool TryAccept(LinkGroupProtocol.Prepared prepared)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!Channel.TryWrite(buffer[.._handshake.WriteAccept(buffer, prepared)])) return false;
        Journal.Sent(HandshakeMessageKind.Accept);
        return true;
    }

    private ClcHeard HearProposal()
    {
        Journal.Received(HandshakeMessageKind.Proposal);
        Journal.Step = HandshakeStep.Proposal;
        return Hear(_handshake.JudgeProposal(Channel.Message));
    }

    private ClcHeard HearConfirm()
    {
        Journal.Received(HandshakeMessageKind.Confirm);
        Journal.Step = HandshakeStep.Confirm;
        ClcVerdict verdict = _handshake.JudgeConfirm(Channel.Message, out SmcdAccept confirm);
        if (verdict.IsGood) Confirmed = (confirm.Token, confirm.SizeCode);
        return Hear(verdict);
    }
}
