using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>Writes CLC messages: big-endian, reserved bytes zero.</summary>
/// <remarks>Returns the message's length in bytes; <see cref="ClcFraming.MaxLength"/> bytes of target are always enough.</remarks>
public static partial class ClcWriter
{
    /// <summary>Writes a Proposal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The target is too short, there are too many EIDs or prefixes, or a version 1 sender offers nothing: a fault of the caller.
    /// </exception>
    public static int Write(Span<byte> target, in ProposalFields fields)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Eids.Length, Ueid.MaxCount, nameof(fields));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Ipv6Prefixes.Length, ProposalLayout.MaxPrefixes, nameof(fields));
        bool isV1 = fields.Version < ClcLayout.Version2;
        if (isV1)
            ArgumentOutOfRangeException.ThrowIfEqual((byte)fields.PathV1, (byte)ClcPath.Neither, nameof(fields));
        ClcPath pathV2 = isV1 ? ClcPath.Neither : fields.PathV2;
        Span<byte> entries = stackalloc byte[ProposalLayout.MaxGids * ProposalLayout.SmcdV2.EntryLength];
        entries = entries[..WriteEntries(entries, fields.Devices)];

        bool hasSmcdArea = !isV1 || fields.HasSmcdArea || fields.PathV1.HasSmcd();
        int ip = hasSmcdArea ? ProposalLayout.SmcdAreaEnd : ProposalLayout.BaseLength;
        int v2 = ip + (fields.PathV1 == ClcPath.Neither ? 0 : ProposalLayout.IpArea.Length + (fields.Ipv6Prefixes.Length * ProposalLayout.IpArea.PrefixLength));
        int smcdV2 = v2 + (pathV2 == ClcPath.Neither ? 0 : ProposalLayout.V2.Length + (fields.Eids.Length * Ueid.Size));
        int end = smcdV2 + (pathV2.HasSmcd() ? ProposalLayout.SmcdV2.Length + entries.Length : 0);

        byte paths = (byte)((byte)fields.PathV1 | (isV1 ? 0 : (byte)pathV2 << ClcLayout.PathV2Shift));
        var header = new ClcHeader(ClcType.Proposal, (ushort)(end + ClcLayout.TrailerLength), fields.Version, paths);
        Span<byte> message = header.Begin(target, ClcLayout.EyecatcherSmcr);
        WriteBase(message, fields);
        if (hasSmcdArea)
            WriteSmcdArea(message, fields);
        if (fields.PathV1 != ClcPath.Neither)
        {
            Put(message, ProposalLayout.IpAreaOffset, ip - ProposalLayout.BaseLength);
            WriteIpArea(message[ip..], fields);
        }
        if (pathV2 != ClcPath.Neither)
        {
            Put(message, ProposalLayout.V2Offset, v2 - ProposalLayout.VendorOptions);
            WriteV2(message[v2..], fields);
        }
        if (pathV2.HasSmcd())
        {
            message[v2 + ProposalLayout.V2.GidCount] = (byte)(entries.Length / ProposalLayout.SmcdV2.EntryLength);
            Put(message, v2 + ProposalLayout.V2.SmcdOffset, smcdV2 - v2 - ProposalLayout.V2.RoceGid);
            fields.Seid.Write(message[(smcdV2 + ProposalLayout.SmcdV2.Seid)..]);
            entries.CopyTo(message[(smcdV2 + ProposalLayout.SmcdV2.Length)..]);
        }
        return message.Length;
    }

    private static void WriteBase(Span<byte> message, in ProposalFields fields)
    {
        BinaryPrimitives.WriteUInt64BigEndian(message[ProposalLayout.SystemId..], fields.SystemId);
        BinaryPrimitives.WriteUInt128BigEndian(message[ProposalLayout.RoceGid..], fields.RoceGid);
        fields.Mac.Write(message[ProposalLayout.Mac..]);
    }

    private static void WriteSmcdArea(Span<byte> message, in ProposalFields fields)
    {
        BinaryPrimitives.WriteUInt64BigEndian(message[ProposalLayout.IsmGid..], fields.NativeDevice.Gid.High);
        Put(message, ProposalLayout.IsmChid, fields.NativeDevice.Chid);
        BinaryPrimitives.WriteUInt64BigEndian(message[ProposalLayout.VendorOptions..], fields.VendorOptions);
    }

    private static void WriteIpArea(Span<byte> area, in ProposalFields fields)
    {
        BinaryPrimitives.WriteUInt32BigEndian(area[ProposalLayout.IpArea.Subnet..], fields.Ipv4Subnet);
        area[ProposalLayout.IpArea.SubnetLength] = fields.Ipv4PrefixLength;
        area[ProposalLayout.IpArea.PrefixCount] = (byte)fields.Ipv6Prefixes.Length;
        Span<byte> rest = area[ProposalLayout.IpArea.Length..];
        foreach (Ipv6Prefix prefix in fields.Ipv6Prefixes)
        {
            BinaryPrimitives.WriteUInt128BigEndian(rest, prefix.Prefix);
            rest[ProposalLayout.IpArea.PrefixBits] = prefix.Length;
            rest = rest[ProposalLayout.IpArea.PrefixLength..];
        }
    }

    private static void WriteV2(Span<byte> extension, in ProposalFields fields)
    {
        extension[ProposalLayout.V2.EidCount] = (byte)fields.Eids.Length;
        extension[ProposalLayout.V2.Release] = (byte)((fields.Release << ClcLayout.NibbleShift) | (fields.HasSeid ? ProposalLayout.V2.SeidBit : 0));
        BinaryPrimitives.WriteUInt128BigEndian(extension[ProposalLayout.V2.RoceGid..], fields.RoceV2Gid);
        extension[ProposalLayout.V2.MaxConnections] = fields.MaxConnections;
        extension[ProposalLayout.V2.MaxLinks] = fields.MaxLinks;
        Put(extension, ProposalLayout.V2.Features, (ushort)fields.Features);
        for (int i = 0; i < fields.Eids.Length; i++)
            fields.Eids[i].Write(extension[(ProposalLayout.V2.Length + (i * Ueid.Size))..]);
    }

    private static int WriteEntries(Span<byte> entries, ReadOnlySpan<SmcdDeviceId> devices)
    {
        int used = 0;
        foreach (SmcdDeviceId device in devices)
        {
            int needed = device.IsEmulated ? 2 * ProposalLayout.SmcdV2.EntryLength : ProposalLayout.SmcdV2.EntryLength;
            if (used + needed > entries.Length)
                continue;
            WriteEntry(entries[used..], device.Gid.High, device.Chid);
            if (device.IsEmulated)
                WriteEntry(entries[(used + ProposalLayout.SmcdV2.EntryLength)..], device.Gid.Low, device.Chid);
            used += needed;
        }
        return used;
    }

    private static void WriteEntry(Span<byte> entry, ulong gid, ushort chid)
    {
        BinaryPrimitives.WriteUInt64BigEndian(entry, gid);
        Put(entry, ProposalLayout.SmcdV2.EntryChid, chid);
    }

    private static void Put(Span<byte> message, int offset, int value) => BinaryPrimitives.WriteUInt16BigEndian(message[offset..], (ushort)value);
}
