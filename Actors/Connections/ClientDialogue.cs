using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Connections;

/// <summary>What a client says, and hears of its server: Proposal, Accept, Confirm, Decline. Its connection is open from the Proposal on.</summary>
/// <param name="device">This process's.</param>
/// <param name="journal">Of the handshake.</param>
/// <param name="owner">Is told <see cref="ClcReadable"/>.</param>
internal sealed class ClientDialogue(LoopbackDevice device, HandshakeJournal journal, IActorRef owner) : ClcDialogue(device, journal, owner)
{
    private readonly ClientHandshake _handshake = new(device);

    /// <summary>The Accept that was found good.</summary>
    public SmcdAcceptFields Accept => _handshake.Accept;

    /// <summary>Writes the Proposal.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryPropose(Socket socket, HostRendezvous rendezvous)
    {
        Open(socket, rendezvous);
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!Channel.TryWrite(buffer[.._handshake.WriteProposal(buffer)])) return false;
        Journal.Sent(HandshakeMessageKind.Proposal);
        Journal.Step = HandshakeStep.Proposal;
        return true;
    }

    /// <summary>Reads the Accept.</summary>
    /// <param name="peer">The device at the other end of the control socket.</param>
    public ClcHeard Read(SmcGid peer)
    {
        switch (Channel.TryRead(ClcType.Accept))
        {
            case ClcRead.Waiting: return ClcHeard.Waiting;
            case ClcRead.Failed: return Break(Channel.Failure);
            case ClcRead.Done when Channel.Header.Type == ClcType.Decline: return HearDecline();
        }

        Journal.Received(HandshakeMessageKind.Accept);
        Journal.Step = HandshakeStep.Accept;
        return Hear(_handshake.Judge(Channel.Header, Channel.Message, peer));
    }

    /// <summary>Reads what a server answers that may not know what a Proposal is. Only a Decline can be meant: without a control socket there
    /// is no memory to accept.</summary>
    public ClcHeard ReadDecline()
    {
        ClcRead read = Channel.TryRead(ClcType.Decline);
        if (read == ClcRead.Done) return HearDecline();
        bool isDecline = read == ClcRead.Waiting && (Channel.Unread.Length >= ClcHeader.Size || ClcFraming.CouldBegin(Channel.Unread, ClcType.Decline));
        return isDecline ? ClcHeard.Waiting : Break(Channel.Failure);
    }

    /// <summary>Writes the Confirm.</summary>
    /// <param name="prepared">This end's DMB.</param>
    /// <returns>False where the connection is gone.</returns>
    public bool TryConfirm(LinkGroupProtocol.Prepared prepared)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        if (!Channel.TryWrite(buffer[.._handshake.WriteConfirm(buffer, prepared)])) return false;
        Journal.Sent(HandshakeMessageKind.Confirm);
        return true;
    }
}
