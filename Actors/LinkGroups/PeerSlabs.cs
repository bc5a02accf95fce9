using Smc.Actors.Devices;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>The slabs that the peer of a link group has offered: those that are mapped here, and those that were refused, each with its reason.</summary>
internal sealed class PeerSlabs(
    PeerSession session, uint group, LinkGroupMemory memory, LinkGroupCounters counters, BrokenRules rules)
{
    /// <summary>Slabs that a peer may offer in vain.</summary>
    public const int MostRefused = 256;

    /// <summary>Slabs that are mapped: one for every connection of the group would be enough.</summary>
    private static readonly int MostMapped = LinkGroupMemory.MaxConnections;

    private readonly Dictionary<uint, PeerSlab> _mapped = [];
    private readonly Dictionary<uint, SmcReason> _refused = [];
    private readonly HashSet<MemoryIdentity> _known = [];   // slabs of either end: memory of this size is no control region

    /// <summary>This end's own memory, which is none of the peer's to offer: two DMBs would be one.</summary>
    public void TakeNoMore(FileDescriptor own) => _known.Add(MemoryIdentity.Of(own));

    /// <summary>Maps a slab, or refuses it; the peer is told which.</summary>
    /// <returns>False where the peer has offered more than any runtime does.</returns>
    public bool TryTake(SlabOffered offered)
    {
        if (_refused.Count >= MostRefused || _mapped.Count >= MostMapped)
        {
            offered.Descriptor?.Dispose();
            return false;
        }

        uint slab = offered.Offer.Slab;
        SmcReason reason = TryMap(offered.Offer, offered.Descriptor);
        if (reason == SmcReason.None)
        {
            session.Send(new Mapped(group, slab));
            return true;
        }

        if (!_mapped.ContainsKey(slab)) _refused[slab] = reason;
        session.Send(new Refused(group, slab, reason));
        return true;
    }

    /// <summary>True where the slab was refused.</summary>
    public bool IsRefused(uint slab, out SmcReason reason) => _refused.TryGetValue(slab, out reason);

    /// <summary>The range of a DMB that the peer has registered.</summary>
    /// <returns>False where there is none, or not of the size that its Accept or Confirm says.</returns>
    public bool TryAttach(Register registration, byte sizeCode, out DmbRange range)
    {
        range = default;
        return _mapped.TryGetValue(registration.Slab, out PeerSlab? slab)
            && slab.SizeClass.Code == sizeCode
            && slab.TryGetRange(registration.Index, out range);
    }

    private SmcReason TryMap(OfferSlab offer, FileDescriptor? descriptor)
    {
        if (descriptor is null) return SmcReason.DescriptorsExhausted;
        if (offer.Kind != SlabKind.Dmb || _mapped.ContainsKey(offer.Slab) || !SizeClass.TryFromCode(offer.SizeCode, out SizeClass size))
            return rules.RefuseOffer(session, descriptor);
        MemoryIdentity identity = MemoryIdentity.Of(descriptor);
        if (identity != default && _known.Contains(identity)) return rules.RefuseReuse(session, descriptor);
        MemoryError error = PeerSlab.TryOpen(descriptor, size, offer.Count, (long)offer.Bytes, memory.Mappings, out PeerSlab? slab);
        if (error != MemoryError.None) return rules.Refuse(session, error);

        memory.Own(slab!);
        _known.Add(identity);
        _mapped.Add(offer.Slab, slab!);
        counters.PeerSlabs++;
        counters.PeerSlabBytes += (long)offer.Bytes;
        return SmcReason.None;
    }
}
