using System.Diagnostics;

namespace Smc.Transport.Memory;

/// <summary>Which end of a link group this process is. Fixed for the group: the side that accepted the TCP connection is the server.</summary>
public enum GroupSide : byte
{
    /// <summary>Accepted the connection that began the group, and owns the control region.</summary>
    Server = 0,

    /// <summary>Opened it.</summary>
    Client = 1,
}

/// <summary>
/// The control region of a link group: sleep announcements, bells and the bitmaps of ready connections. Nothing in it decides anything
/// (cursors do): rubbish written by the peer costs wake-ups of this group, no more.
/// <code>
/// 0        magic, version, slots         written once by the server, published by the magic
/// 128      server bell | server bitmap   a 128-byte line each
/// 384      client bell | client bitmap
/// 640 + n*512  slot n: server reader | server writer | client reader | client writer, a 128-byte line each
/// reader       sleep announcement (4) | - (4) | bytes that it had seen when it announced (8)
/// </code>
/// </summary>
internal static class ControlLayout
{
    public const ulong Magic = 0x534D_4344_4354_4C31;   // "SMCDCTL1"
    public const uint Version = 2;

    /// <summary>Connections of a group; the limit is our own policy for SMC-D, as the 8-bit limit of SMC-R.</summary>
    public const int Slots = 255;

    public const int BitmapWords = (Slots + 63) / 64;

    public const int MagicOffset = 0;
    public const int VersionOffset = MagicOffset + sizeof(ulong);
    public const int SlotsOffset = VersionOffset + sizeof(uint);
    public const int SidesOffset = CacheLine.Size;
    public const int BellOffset = 0;
    public const int BitmapOffset = CacheLine.Size;
    public const int SideLength = 2 * CacheLine.Size;
    public const int SlotsStart = SidesOffset + (2 * SideLength);
    public const int ReaderOffset = 0;
    public const int SeenOffset = ReaderOffset + sizeof(long);
    public const int WriterOffset = CacheLine.Size;
    public const int SlotSideLength = 2 * CacheLine.Size;
    public const int SlotLength = 2 * SlotSideLength;
    public const int Length = SlotsStart + (Slots * SlotLength);
}

/// <summary>Addresses inside a mapped control region.</summary>
internal readonly unsafe struct ControlRegion
{
    private readonly byte* _base;

    public ControlRegion(SharedRegion region)
    {
        Debug.Assert(region.Length >= ControlLayout.Length);
        _base = region.Base;
    }

    /// <summary>Writes the header; the magic comes last and publishes the rest.</summary>
    public void Format()
    {
        *(uint*)(_base + ControlLayout.VersionOffset) = ControlLayout.Version;
        *(uint*)(_base + ControlLayout.SlotsOffset) = ControlLayout.Slots;

        // SYNC format: after all of it; pairs with the read in ControlRegion.IsFormatted.
        Volatile.Write(ref *(ulong*)(_base + ControlLayout.MagicOffset), ControlLayout.Magic);
    }

    /// <summary>True for a region of this version and shape.</summary>
    public bool IsFormatted() =>
        Volatile.Read(ref *(ulong*)(_base + ControlLayout.MagicOffset)) == ControlLayout.Magic   // SYNC format: first; pairs with the store in Format
        && *(uint*)(_base + ControlLayout.VersionOffset) == ControlLayout.Version
        && *(uint*)(_base + ControlLayout.SlotsOffset) == ControlLayout.Slots;

    /// <summary>True where there is no magic: the server has given the region back. Asked after <see cref="IsFormatted"/>, of which it may be the reason.</summary>
    public bool IsBlank() => Volatile.Read(ref *(ulong*)(_base + ControlLayout.MagicOffset)) == 0;

    /// <summary>The word on which the wake thread of <paramref name="side"/> sleeps: 1 while it does.</summary>
    public int* Bell(GroupSide side) => (int*)(Side(side) + ControlLayout.BellOffset);

    /// <summary>The connections that the wake thread of <paramref name="side"/> is to look at, a bit each.</summary>
    public ulong* Bitmap(GroupSide side) => (ulong*)(Side(side) + ControlLayout.BitmapOffset);

    /// <summary>The sleep announcement of the reader of <paramref name="side"/>.</summary>
    public int* Reader(GroupSide side, int slot) => (int*)(Slot(side, slot) + ControlLayout.ReaderOffset);

    /// <summary>The bytes, since the connection began, that the reader of <paramref name="side"/> had seen when it announced its sleep.</summary>
    public long* Seen(GroupSide side, int slot) => (long*)(Slot(side, slot) + ControlLayout.SeenOffset);

    /// <summary>The sleep announcement of the writer of <paramref name="side"/>.</summary>
    public int* Writer(GroupSide side, int slot) => (int*)(Slot(side, slot) + ControlLayout.WriterOffset);

    private byte* Side(GroupSide side) => _base + ControlLayout.SidesOffset + ((int)side * ControlLayout.SideLength);

    private byte* Slot(GroupSide side, int slot)
    {
        Debug.Assert((uint)slot < ControlLayout.Slots);
        return _base + ControlLayout.SlotsStart + (slot * ControlLayout.SlotLength) + ((int)side * ControlLayout.SlotSideLength);
    }
}
