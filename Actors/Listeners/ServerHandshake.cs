using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Listeners;

/// <summary>The words of an SMC-D server: what it checks of the Proposal, its Accept, and what it checks of the Confirm. It reads and writes
/// messages, and no socket.</summary>
/// <param name="device">This process's.</param>
/// <param name="peer">The device at the other end of the control socket; null where nobody announced the connection: no memory without one.</param>
internal sealed class ServerHandshake(LoopbackDevice device, SmcGid? peer)
{
    /// <summary>The Accept: what the Proposal allows, and this end's DMB once it is written.</summary>
    public SmcdAcceptFields Accept { get; private set; }

    /// <summary>Checks a Proposal, and chooses.</summary>
    public ClcVerdict JudgeProposal(ReadOnlySpan<byte> message)
    {
        WireError error = Proposal.TryWrap(message, out Proposal proposal);
        if (error != WireError.None) return new ClcVerdict(SmcReason.None, error);

        // The loopback device reaches the process at the other end of the control socket, and nobody else.
        ReadOnlySpan<SmcdDeviceId> reachable = peer is { } gid ? [SmcdDeviceId.OfLoopback(gid)] : [];
        var facts = new ServerFacts { HasIsmV2 = true, Ueids = [.. device.Ueids.Current], ReachableDevices = reachable };
        SmcReason reason = ServerDecision.Decide(in proposal, in facts, out ServerChoice choice);
        if (reason == SmcReason.None && peer is null) reason = SmcReason.NoSmcdV2Device;
        if (reason != SmcReason.None) return new ClcVerdict(reason, WireError.None);
        if (device.Rendezvous is not { } rendezvous) return new ClcVerdict(device.Down, WireError.None);
        var own = SmcdDeviceId.OfLoopback(rendezvous.Gid);
        Accept = new SmcdAcceptFields(ClcType.Accept, own, 0, 0, 0, 0, choice.Eid, ClcIdentity.FirstContact(choice.Release, choice.Features));
        return default;
    }

    /// <summary>Writes the Accept.</summary>
    /// <param name="buffer">Of <see cref="ClcFraming.MaxLength"/> bytes.</param>
    /// <param name="prepared">This end's DMB.</param>
    /// <returns>The bytes written.</returns>
    public int WriteAccept(Span<byte> buffer, LinkGroupProtocol.Prepared prepared)
    {
        Accept = Accept with
        {
            Token = prepared.Token,
            SizeCode = prepared.SizeCode,
            LinkId = prepared.Group,
            FirstContact = prepared.IsFirstContact ? Accept.FirstContact : null,
        };
        return ClcWriter.Write(buffer, Accept);
    }

    /// <summary>Checks the Confirm to <see cref="Accept"/>.</summary>
    /// <param name="message">All of it.</param>
    /// <param name="confirm">What it says.</param>
    public ClcVerdict JudgeConfirm(ReadOnlySpan<byte> message, out SmcdAccept confirm)
    {
        SmcdAcceptFields accept = Accept;
        WireError error = SmcdAccept.TryWrap(message, ClcType.Confirm, out confirm);
        if (error == WireError.None) error = ClcChecks.CheckEcho(in confirm, in accept, peer.GetValueOrDefault());
        if (error != WireError.None) return new ClcVerdict(SmcReason.None, error);
        SmcReason reason = accept.FirstContact is { } contact ? ClcChecks.CheckConfirmRelease(in confirm, contact.Release) : SmcReason.None;
        return new ClcVerdict(reason, WireError.None);
    }
}
