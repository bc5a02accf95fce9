using Smc.Transport;
using Smc.Transport.Memory;

namespace Smc.Actors.LinkGroups;

/// <summary>The peer's DMBs that connections of one link group have attached, which are what they write to: counted by the group's actor alone,
/// read by any thread, not at one instant.</summary>
internal sealed class PeerDmbCounters
{
    private readonly long[] _attached = new long[SizeClass.LargestSmcdCode + 1];   // by size class
    private long _bytes;

    /// <summary>Bytes of those that are attached now.</summary>
    public long BytesInUse => Volatile.Read(ref _bytes);

    /// <summary>How often one was attached, by its size.</summary>
    public SizeHistogram Sizes
    {
        get
        {
            SizeHistogram sizes = default;
            for (byte code = 0; code < _attached.Length; code++)
            {
                if (SizeClass.TryFromCode(code, out SizeClass size)) sizes = sizes.Plus(size.Bytes, Volatile.Read(ref _attached[code]));
            }

            return sizes;
        }
    }

    /// <summary>A connection writes to one from now on.</summary>
    public void Attach(SizeClass size)
    {
        Volatile.Write(ref _attached[size.Code], _attached[size.Code] + 1);   // SYNC peer-dmbs: one writer; pairs with the reads in Sizes
        Volatile.Write(ref _bytes, _bytes + size.Bytes);                      // SYNC peer-dmbs: pairs with BytesInUse
    }

    /// <summary>A connection writes to it no more.</summary>
    public void Detach(SizeClass size) => Volatile.Write(ref _bytes, _bytes - size.Bytes);

    /// <summary>The group has failed: what its connections still hold ends with it.</summary>
    public void DetachAll() => Volatile.Write(ref _bytes, 0);
}
