using System.Net.Sockets;
using System.Security.Cryptography;
using Smc.Peer;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;

namespace Actors.Tests.Harness;

/// <summary>Sends seeded bytes and checks what comes.</summary>
internal static class Exchange
{
    private const int BufferBytes = 48 * 1024;

    /// <summary>Sends from either end to the other at once, and checks the SHA-256 of what came.</summary>
    public static Task BothWaysAsync(Ends ends, int bytes, int seed) => BothWaysAsync(ends.Client, ends.Server, bytes, seed);

    /// <inheritdoc cref="BothWaysAsync(Ends, int, int)" />
    public static Task BothWaysAsync(Stream one, Stream other, int bytes, int seed) => Task.WhenAll(
        OneWayAsync(one, other, bytes, seed),
        OneWayAsync(other, one, bytes, seed + 1)).Guard();

    /// <summary>Sends to an end that sends everything back, ends the direction, and checks the SHA-256 of what comes back until the end of the stream.</summary>
    public static async Task EchoAsync(Stream stream, int bytes, int seed)
    {
        Task sending = SendAsync(stream, bytes, seed);
        byte[] back = new byte[bytes];
        await stream.ReadExactlyAsync(back).Guard();
        await sending.Guard();
        Assert.Equal(Sha(SeededBytes.Take(bytes, seed)), Sha(back));
    }

    /// <summary>Sends from either end of a plain connection what looks like a handshake, and the end. Any other byte fails.</summary>
    public static async Task LookalikesAsync(SmcStream stream, Socket peer)
    {
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        var peerStream = new NetworkStream(peer);
        await peer.SendAsync(proposal);
        peer.Shutdown(SocketShutdown.Send);
        await stream.WriteAsync(proposal);
        stream.ShutdownWrite();
        Assert.Equal(proposal, await ReadToEndAsync(peerStream));
        Assert.Equal(proposal, await ReadToEndAsync(stream));
    }

    /// <summary>Sends seeded bytes.</summary>
    public static async Task SendAsync(Stream stream, int bytes, int seed)
    {
        byte[] data = SeededBytes.Take(bytes, seed);
        for (int at = 0; at < bytes; at += BufferBytes) await stream.WriteAsync(data.AsMemory(at, Math.Min(BufferBytes, bytes - at)));
    }

    /// <summary>Reads to the end of the stream.</summary>
    public static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var read = new MemoryStream();
        await stream.CopyToAsync(read).Guard();
        return read.ToArray();
    }

    /// <summary>Reads until the stream breaks off, and says how.</summary>
    /// <returns>What came before, and the error; Success at an end in order.</returns>
    public static async Task<(byte[] Bytes, SocketError Error)> ReadToBreakAsync(Stream stream)
    {
        var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read).Guard();
            return (read.ToArray(), SocketError.Success);
        }
        catch (IOException e)
        {
            return (read.ToArray(), Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
        }
    }

    /// <summary>Writes until the stream breaks off, and says how.</summary>
    public static async Task<SocketError> WriteToBreakAsync(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (true) await stream.WriteAsync(buffer).Guard();
        }
        catch (IOException e)
        {
            return Assert.IsType<SocketException>(e.InnerException).SocketErrorCode;
        }
    }

    /// <summary>The SHA-256 in hex.</summary>
    public static string Sha(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static async Task OneWayAsync(Stream from, Stream to, int bytes, int seed)
    {
        Task sending = SendAsync(from, bytes, seed);
        byte[] received = new byte[bytes];
        await to.ReadExactlyAsync(received);
        await sending;
        Assert.Equal(Sha(SeededBytes.Take(bytes, seed)), Sha(received));
    }
}
