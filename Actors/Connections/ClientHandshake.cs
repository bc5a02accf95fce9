using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Connections;

/// <summary>The words of an SMC-D client: its Proposal, what it checks of the Accept, and its Confirm. It reads and writes messages, and no socket.</summary>
/// <param name="device">This process's.</param>
internal sealed class ClientHandshake(LoopbackDevice device)
{
    private IReadOnlyList<Ueid> _offered = [];   // an operator may change the table meanwhile

    /// <summary>The Accept that was found good.</summary>
    public SmcdAcceptFields Accept { get; private set; }

    private SmcdDeviceId Own => SmcdDeviceId.OfLoopback(device.Rendezvous?.Gid ?? default);

    /// <summary>Writes a Proposal of this process's device and its user EIDs.</summary>
    /// <param name="buffer">Of <see cref="ClcFraming.MaxLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public int WriteProposal(Span<byte> buffer)
    {
        _offered = device.Ueids.Current;
        return ClcWriter.Write(buffer, new ProposalFields { Eids = [.. _offered], Devices = [Own] });
    }

    /// <summary>Checks an Accept against what was offered.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="message">All of it.</param>
    /// <param name="peer">The device at the other end of the control socket, which has to be the one that accepts.</param>
    public ClcVerdict Judge(ClcHeader header, ReadOnlySpan<byte> message, SmcGid peer)
    {
        SmcReason mode = ClcChecks.CheckMode(header, ClcPath.Neither, ClcPath.Smcd);
        if (mode != SmcReason.None) return new ClcVerdict(mode, WireError.None);
        WireError error = SmcdAccept.TryWrap(message, ClcType.Accept, out SmcdAccept accept);
        if (error is not (WireError.None or WireError.BadSizeCode)) return new ClcVerdict(SmcReason.None, error);
        if (error == WireError.None) error = ClcChecks.CheckAccept(in accept, [Own], [.. _offered], peer);

        // It is whole, and of something that was never offered: the ends are out of step, and what follows it is the application's.
        if (error != WireError.None) return new ClcVerdict(SmcReason.SyncError, error);
        SmcReason release = accept.IsFirstContact ? ClcChecks.CheckAcceptRelease(in accept) : SmcReason.None;
        if (release != SmcReason.None) return new ClcVerdict(release, WireError.None);
        Accept = accept.Fields;
        return default;
    }

    /// <summary>Writes the Confirm to <see cref="Accept"/>.</summary>
    /// <param name="buffer">Of <see cref="ClcFraming.MaxLength"/> bytes.</param>
    /// <param name="prepared">This end's DMB.</param>
    /// <returns>The bytes written.</returns>
    public int WriteConfirm(Span<byte> buffer, LinkGroupProtocol.Prepared prepared)
    {
        FirstContact? contact = Accept.FirstContact is { } offered ? ClcIdentity.FirstContact(offered.Release, offered.Features) : null;
        return ClcWriter.Write(
            buffer, new SmcdAcceptFields(ClcType.Confirm, Own, prepared.Token, 0, prepared.SizeCode, prepared.Group, Accept.Eid, contact));
    }
}
