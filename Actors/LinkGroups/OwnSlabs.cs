using System.Diagnostics;
using Smc.Actors.Buffers;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Actors.LinkGroups;

/// <summary>What this end of a link group has offered to the peer: the control region at its server, and the slabs of its DMBs, which the peer has mapped
/// or has not answered yet.</summary>
internal sealed class OwnSlabs(PeerSession session, uint group, GroupBuffers buffers, PeerSlabs peerSlabs)
{
    /// <summary>The number by which the control region is offered; slabs of DMBs have others.</summary>
    private const uint ControlRegion = 0;

    private readonly HashSet<uint> _unanswered = [];

    /// <summary>True once the peer has mapped it.</summary>
    public bool IsMapped(DmbSlab slab) => !_unanswered.Contains(slab.Id);

    /// <summary>Offers the control region, which begins the group at the peer.</summary>
    public void OfferControlRegion(FileDescriptor region)
    {
        _unanswered.Add(ControlRegion);
        session.Send(
            new OfferSlab(group, ControlRegion, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes), region);
    }

    /// <summary>Offers a slab, and then adds it to the DMBs of the group: what is idle is registered at once, and the peer is to hear of the slab first.</summary>
    public void Offer(DmbSlab slab)
    {
        FileDescriptor descriptor = buffers.TakePending()!;
        _unanswered.Add(slab.Id);
        peerSlabs.TakeNoMore(descriptor);
        session.Send(new OfferSlab(group, slab.Id, SlabKind.Dmb, slab.SizeClass.Code, (ushort)slab.Count, (ulong)slab.Bytes), descriptor);
        bool isAdded = buffers.Pool.TryAdd(slab);   // the pool's actor has seen that there is room
        Debug.Assert(isAdded);
    }

    /// <summary>The peer has mapped a slab.</summary>
    /// <returns>False where it has not been asked, or has answered before. No runtime answers twice, also where its group ends meanwhile.</returns>
    public bool TryMap(uint slab) => _unanswered.Remove(slab);

    /// <summary>The peer has refused a slab: none of its DMBs is given out any more.</summary>
    /// <returns>As <see cref="TryMap"/>: then nothing has changed.</returns>
    public bool TryRetire(uint slab)
    {
        if (!_unanswered.Remove(slab)) return false;
        buffers.Pool.Retire(slab);
        return true;
    }
}
