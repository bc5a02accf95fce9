using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Actors.Tests.Harness;

/// <summary>HTTP/2 without TLS and with prior knowledge, as far as one request needs it: the preface, a request, and an answer by hand.</summary>
internal static class TinyHttp2
{
    private const int FrameHeaderBytes = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte Ack = 1;
    private const byte EndHeaders = 4;
    private const byte Status200 = 0x88;   // the static table's entry of ":status: 200"

    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /// <summary>A request that is HTTP/2 from its first byte.</summary>
    public static HttpRequestMessage NewRequest(IPEndPoint at) => new(HttpMethod.Get, $"http://{at}/path")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Answers the first request with a body.</summary>
    /// <returns>False where the client does not begin with the preface, whole and untouched.</returns>
    public static async Task<bool> TryAnswerAsync(Stream stream, byte[] body)
    {
        byte[] preface = new byte[Preface.Length];
        if (await stream.ReadAtLeastAsync(preface, preface.Length, throwOnEndOfStream: false).Guard() < preface.Length || !preface.AsSpan().SequenceEqual(Preface)) return false;
        await WriteAsync(stream, Settings, flags: 0, id: 0, []);
        int id;
        while ((id = await ReadRequestAsync(stream)) == 0)
        {
            // Settings, a window: not the request yet.
        }

        await WriteAsync(stream, Headers, EndHeaders, id, [Status200]);
        await WriteAsync(stream, Data, EndStream, id, body);
        await WriteAsync(stream, GoAway, flags: 0, id: 0, [0, 0, 0, (byte)id, 0, 0, 0, 0]);
        return true;
    }

    /// <returns>The id of the request's stream, or 0 where the frame is another one.</returns>
    private static async Task<int> ReadRequestAsync(Stream stream)
    {
        byte[] header = new byte[FrameHeaderBytes];
        await stream.ReadExactlyAsync(header).Guard();
        await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]]).Guard();
        if (header[3] == Settings && (header[4] & Ack) == 0) await WriteAsync(stream, Settings, Ack, id: 0, []);
        return header[3] == Headers ? BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) : 0;
    }

    private static async Task WriteAsync(Stream stream, byte type, byte flags, int id, byte[] payload)
    {
        byte[] frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);   // three bytes of length; the type comes over the fourth
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, FrameHeaderBytes);
        await stream.WriteAsync(frame).Guard();
    }
}
