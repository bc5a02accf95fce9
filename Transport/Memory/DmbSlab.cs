using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Memory;

/// <summary>
/// A memory file that belongs to one link group and one size class, cut into DMBs. This process owns the ranges, and its <see cref="DmbPool"/>
/// hands them out; the peer maps the whole.
/// </summary>
public sealed class DmbSlab : IDisposable
{
    /// <summary>The size a slab is cut to where that gives between <see cref="LeastDmbs"/> and <see cref="MostDmbs"/> DMBs, in bytes.</summary>
    private const int PreferredBytes = 4 * 1024 * 1024;

    private const int LeastDmbs = 4;
    internal const int MostDmbs = 64;

    private readonly SharedRegion _region;
    private bool _isRetired;

    private DmbSlab(uint id, SizeClass sizeClass, SharedRegion region, int count, bool isPrefaulted)
    {
        Id = id;
        SizeClass = sizeClass;
        Count = count;
        IsPrefaulted = isPrefaulted;
        _region = region;
    }

    /// <summary>The slab's number within its group.</summary>
    public uint Id { get; }

    /// <summary>The size of its DMBs.</summary>
    public SizeClass SizeClass { get; }

    /// <summary>DMBs in all.</summary>
    public int Count { get; }

    /// <summary>All its pages are committed, from its beginning to its end.</summary>
    public bool IsPrefaulted { get; }

    /// <summary>Bytes of the memory file.</summary>
    public long Bytes => _region.Length;

    /// <summary>The peer did not map it, or its group ends: what comes back is not handed out again.</summary>
    public bool IsRetired
    {
        get => Volatile.Read(ref _isRetired);
        internal set => Volatile.Write(ref _isRetired, value);
    }

    /// <summary>Creates a slab.</summary>
    /// <param name="id">Its number within the group.</param>
    /// <param name="sizeClass">The size of its DMBs.</param>
    /// <param name="prefault">Commit the memory now.</param>
    /// <param name="mappings">The peer that it is mapped for; null where it is counted for none.</param>
    /// <param name="slab">The slab, mapped here.</param>
    /// <param name="descriptor">To be offered to the peer and closed.</param>
    public static MemoryError TryCreate(
        uint id, SizeClass sizeClass, bool prefault, IMappingCount? mappings, out DmbSlab? slab, out FileDescriptor? descriptor)
    {
        slab = null;
        int count = CountOf(sizeClass);
        MemoryError error = SharedRegion.TryCreate("smc-dmb", (long)count * sizeClass.Bytes, prefault, mappings, out SharedRegion? region, out descriptor);
        if (error == MemoryError.None) slab = new DmbSlab(id, sizeClass, region!, count, prefault);
        return error;
    }

    /// <summary>DMBs of a slab of a size class.</summary>
    public static int CountOf(SizeClass sizeClass) => Math.Clamp(PreferredBytes / sizeClass.Bytes, LeastDmbs, MostDmbs);

    /// <summary>Where a DMB lies.</summary>
    public DmbRange RangeOf(ushort index) => new(_region, (long)index * SizeClass.Bytes, SizeClass.Bytes);

    /// <summary>Nobody here touches it any more: unmapped, and its pages given back, since the peer may keep its descriptor for ever.</summary>
    public void Dispose() => _region.GiveBack();

    /// <summary>Gives the pages of a DMB that nobody uses back to the system; whoever gets it next finds zeros.</summary>
    /// <returns>False where the system refuses.</returns>
    internal bool TryDecommit(ushort index) => _region.TryDecommit((long)index * SizeClass.Bytes, SizeClass.Bytes);
}
