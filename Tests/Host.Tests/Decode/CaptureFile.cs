using System.Buffers.Binary;
using System.Text.Json;
using Smc.Host.Decode;

namespace Smc.Host.Tests.Decode;

/// <summary>A capture under Captures/, its dissection, and captures made in a test.</summary>
internal static class CaptureFile
{
    private const int FrameHeaderLength = 14;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Captures");

    internal static string[] Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.pcap").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    internal static string PathOf(string name) => Path.Combine(Folder, name + ".pcap");

    internal static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>The CLC records of the dissection.</summary>
    internal static JsonElement[] Recorded(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return [.. document.RootElement.Clone().GetProperty("messages").EnumerateArray().Where(m => m.GetProperty("layer").GetString() == "CLC")];
    }

    internal static IReadOnlyList<WireRecord> Decode(byte[] file)
    {
        using var capture = new PcapReader(new MemoryStream(file), "x.pcap");
        return CaptureDecoder.Decode(capture);
    }

    /// <summary>The frames of an Ethernet capture from the IP header on.</summary>
    internal static List<byte[]> IpPackets(string name)
    {
        using var capture = new PcapReader(new MemoryStream(Bytes(name)), name);
        Assert.Equal(LinkType.Ethernet, capture.LinkType);
        List<byte[]> packets = [];
        while (capture.TryRead(out ReadOnlySpan<byte> frame)) packets.Add(frame[FrameHeaderLength..].ToArray());
        return packets;
    }

    /// <summary>A capture file of frames.</summary>
    internal static byte[] Write(IEnumerable<byte[]> frames, LinkType type = LinkType.Raw, bool bigEndian = false, bool nanoseconds = false)
    {
        using var file = new MemoryStream();
        Put(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4);
        foreach (uint word in new uint[] { bigEndian ? 0x0002_0004u : 0x0004_0002u, 0, 0, 0x4_0000, (uint)type }) Put(word);
        uint second = 0;
        foreach (byte[] frame in frames)
        {
            foreach (uint word in new uint[] { ++second, 500, (uint)frame.Length, (uint)frame.Length }) Put(word);
            file.Write(frame);
        }
        return file.ToArray();

        void Put(uint value)
        {
            Span<byte> word = stackalloc byte[sizeof(uint)];
            if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(word, value);
            else BinaryPrimitives.WriteUInt32LittleEndian(word, value);
            file.Write(word);
        }
    }

    /// <summary>An IPv4 packet with a TCP segment from 10.0.0.1 port 1 to 10.0.0.2 port 2.</summary>
    internal static byte[] Segment(uint sequence, ReadOnlySpan<byte> data, bool syn = false, int padding = 0)
    {
        byte[] packet = new byte[40 + data.Length + padding];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(40 + data.Length));
        packet[9] = 6;
        packet[12] = packet[16] = 10;
        (packet[15], packet[19]) = (1, 2);
        (packet[21], packet[23]) = (1, 2);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), sequence);
        packet[32] = 5 << 4;
        packet[33] = (byte)(syn ? 0x02 : 0x10);
        data.CopyTo(packet.AsSpan(40));
        return packet;
    }
}
