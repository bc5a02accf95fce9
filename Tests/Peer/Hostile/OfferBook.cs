using System.Collections.Concurrent;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Hostile;

/// <summary>What the two ends of a link group have offered each other.</summary>
internal sealed class OfferBook : IDisposable
{
    private const uint ControlSlab = 0;

    private readonly ConcurrentDictionary<uint, MappedOffer> _own = new();
    private readonly ConcurrentDictionary<uint, MappedOffer> _theirs = new();

    /// <summary>This end's slab of DMBs.</summary>
    public MappedOffer OwnSlab => _own.Values.Single(offer => offer.Offer.Kind == SlabKind.Dmb);

    /// <summary>The victim's.</summary>
    public MappedOffer TheirSlab => _theirs.Values.Single(offer => offer.Offer.Kind == SlabKind.Dmb);

    /// <summary>This end is about to offer memory.</summary>
    public void Keep(OfferSlab offer, FileDescriptor descriptor) => _own[offer.Slab] = MappedOffer.Of(offer, descriptor);

    /// <summary>The other one has.</summary>
    public void Take(OfferSlab offer, FileDescriptor descriptor) => _theirs[offer.Slab] = new MappedOffer(offer, descriptor);

    /// <summary>Finds the words of the connection that the other end has registered a DMB for.</summary>
    public HostileMemory Find(GroupSide own, DmbRange ownDmb, Register registered)
    {
        MappedOffer control = (own == GroupSide.Server ? _own : _theirs)[ControlSlab];
        MappedOffer slab = _theirs[registered.Slab];
        if (!SizeClass.TryFromCode(slab.Offer.SizeCode, out SizeClass size)) throw new InvalidOperationException("no size");
        var peerDmb = new DmbRange(slab.Region, (long)registered.Index * size.Bytes, size.Bytes);
        return new HostileMemory(new ControlRegion(control.Region), own, registered.Slot, ownDmb, peerDmb, [control, slab]);
    }

    public void Dispose()
    {
        foreach (MappedOffer offer in _own.Values.Concat(_theirs.Values)) offer.Dispose();
    }
}
