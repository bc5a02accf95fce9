using System.Net;
using Smc.Actors.Buffers;
using Smc.Actors.Devices;
using Smc.Actors.Protocol;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
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

/// <summary>What a connection is made of.</summary>
internal sealed record ConnectionParts(
    PeerSession Session,
    uint Group,
    ulong Nonce,
    LinkGroupMemory Memory,
    int Slot,
    DmbRange Own,
    ulong OwnToken,
    DmbRange Peer,
    ulong PeerToken,
    SocketWatch Connection,
    IPEndPoint Local,
    IPEndPoint Remote,
    LinkGroupProtocol.IStreamReceiver Receiver);

/// <summary>The slots of a control region that are in use.</summary>
internal sealed class SlotSet
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    private readonly bool[] _taken = new bool[LinkGroupMemory.MaxConnections];
    private int _next;

    /// <summary>Takes the free slot that has been free the longest, roughly.</summary>
    public int Take()
    {
        for (int i = 0; i < _taken.Length; i++)
        {
            int slot = (_next + i) % _taken.Length;
            if (!TryTake(slot)) continue;
            _next = (slot + 1) % _taken.Length;
            return slot;
        }

        return None;
    }

    /// <summary>Takes a certain slot.</summary>
    /// <returns>False where it is in use, or no slot at all.</returns>
    public bool TryTake(int slot)
    {
        if ((uint)slot >= (uint)_taken.Length || _taken[slot]) return false;
        _taken[slot] = true;
        return true;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot) => _taken[slot] = false;
}
