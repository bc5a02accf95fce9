using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>The RoCE GIDs that the client of an SMC-R version 2 first contact has: one or two.</summary>
/// <param name="Link">The GID of the first link; senders repeat the GID of the message here.</param>
/// <param name="Alternate">The GID of a second device; null when the client has none.</param>
public readonly record struct SmcrGidList(UInt128 Link, UInt128? Alternate = null)
{
    internal int Count => Alternate is null ? 1 : SmcrAcceptLayout.GidList.MaxCount;

    /// <summary>Reads a list that may be followed by bytes of later releases.</summary>
    internal static WireError TryRead(ReadOnlySpan<byte> extension, out SmcrGidList list)
    {
        list = default;
        if (extension.Length < SmcrAcceptLayout.GidList.LengthOf(1))
            return WireError.MissingGidList;
        int count = extension[SmcrAcceptLayout.GidList.Count];
        if (count is < 1 or > SmcrAcceptLayout.GidList.MaxCount)
            return WireError.BadGidListCount;
        if (extension.Length < SmcrAcceptLayout.GidList.LengthOf(count))
            return WireError.MissingGidList;
        ReadOnlySpan<byte> gids = extension[SmcrAcceptLayout.GidList.First..];
        list = new(BinaryPrimitives.ReadUInt128BigEndian(gids), count == 1 ? null : BinaryPrimitives.ReadUInt128BigEndian(gids[SmcGid.Size..]));
        return WireError.None;
    }

    internal void Write(Span<byte> extension)
    {
        extension[SmcrAcceptLayout.GidList.Count] = (byte)Count;
        Span<byte> gids = extension[SmcrAcceptLayout.GidList.First..];
        BinaryPrimitives.WriteUInt128BigEndian(gids, Link);
        if (Alternate is { } alternate)
            BinaryPrimitives.WriteUInt128BigEndian(gids[SmcGid.Size..], alternate);
    }
}
