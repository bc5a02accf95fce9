using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>What a link group is made of.</summary>
/// <param name="Session">The control socket it lives on.</param>
/// <param name="Group">Its id, given by its server.</param>
/// <param name="Memory">Its control region, mapped.</param>
/// <param name="Buffers">Its DMBs.</param>
/// <param name="Offer">At its server: the control region, to be offered to the client.</param>
/// <param name="IdleDelay">How long it is kept without connections.</param>
/// <param name="Groups">Where it is entered.</param>
/// <param name="Rules">Where is counted what its peer breaks.</param>
internal sealed record LinkGroupParts(
    PeerSession Session,
    uint Group,
    LinkGroupMemory Memory,
    GroupBuffers Buffers,
    FileDescriptor? Offer,
    TimeSpan IdleDelay,
    LinkGroupTable Groups,
    BrokenRules Rules)
{
    /// <summary>What it shows; its successor's after a crash too.</summary>
    public LinkGroupCounters Counters { get; } = new(Session, Group, Memory, Buffers);
}
