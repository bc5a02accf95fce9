using System.Net;

namespace Smc.Host.Decode;

/// <summary>Finds the SMC messages of a capture: each IP packet goes to the reader of its protocol.</summary>
internal sealed class CaptureDecoder
{
    private readonly Dictionary<(IPAddress From, ushort FromPort, IPAddress To, ushort ToPort), (TcpDirection Direction, ClcReader Reader)> _directions = [];
    private readonly List<WireRecord> _records = [];

    /// <summary>Reads a capture to its end.</summary>
    /// <returns>The messages, in the order of the frames in which they end.</returns>
    public static IReadOnlyList<WireRecord> Decode(PcapReader capture)
    {
        var decoder = new CaptureDecoder();
        while (capture.TryRead(out ReadOnlySpan<byte> frame))
        {
            if (IpPacket.TryParse(capture.LinkType.ToIp(frame), out IpPacket packet)) decoder.Take(packet, capture.Number, capture.Time);
        }
        foreach ((_, ClcReader reader) in decoder._directions.Values) reader.End();
        return [.. decoder._records.OrderBy(r => r.Frame)];
    }

    private void Take(in IpPacket packet, int frame, decimal time)
    {
        switch (packet.Protocol)
        {
            case TcpSegment.Protocol when TcpSegment.TryParse(packet.Payload, out TcpSegment segment):
                DirectionOf(packet, segment).Take(segment, frame, time);
                break;
        }
    }

    private TcpDirection DirectionOf(in IpPacket packet, in TcpSegment segment)
    {
        var key = (packet.Source, segment.SourcePort, packet.Destination, segment.DestinationPort);
        if (_directions.TryGetValue(key, out (TcpDirection Direction, ClcReader Reader) found)) return found.Direction;
        var reader = new ClcReader(NameOf(packet.Source, segment.SourcePort), NameOf(packet.Destination, segment.DestinationPort), _records);
        var direction = new TcpDirection(reader);
        _directions.Add(key, (direction, reader));
        return direction;
    }

    private static string NameOf(IPAddress address, ushort port) => $"{address}:{port}";
}
