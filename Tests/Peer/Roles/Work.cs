using System.Net.Sockets;
using System.Security.Cryptography;
using Smc.Peer.Faults;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;

namespace Smc.Peer.Roles;

/// <summary>What is done with a connection: echo, sink, source or proposal. Says how it went.</summary>
internal sealed class Work(PeerArguments arguments)
{
    private const int BufferBytes = 32 * 1024;

    private long _moved;

    /// <summary>Does the work and closes <paramref name="stream"/>.</summary>
    public async Task DoAsync(Stream stream)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        try
        {
            await using (stream)
            {
                await foreach (ReadOnlyMemory<byte> part in PartsOf(stream))
                {
                    bytes += part.Length;
                    hash.AppendData(part.Span);
                    CountAndDie(part.Length);
                }
            }

            Say.Line($"done {bytes} {Convert.ToHexString(hash.GetCurrentHash())}");
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            Say.Line($"failed {inner.SocketErrorCode} {bytes}");
        }
    }

    private IAsyncEnumerable<ReadOnlyMemory<byte>> PartsOf(Stream stream) => arguments.Task switch
    {
        "source" => SendAsync(stream),
        "proposal" => SendProposalAsync(stream),
        _ => ReceiveAsync(stream),
    };

    /// <summary>Sends what looks like the beginning of a handshake, and is the application's own.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> SendProposalAsync(Stream stream)
    {
        byte[] proposal = ScriptedClient.ProposalOf(SmcGid.NewRandom());
        await stream.WriteAsync(proposal);
        yield return proposal;
        Ends.ShutdownWrite(stream);
        await stream.CopyToAsync(Stream.Null);
    }

    /// <summary>Sends <c>bytes</c> seeded bytes (0: without end), then the end of the stream, and waits for the peer's.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> SendAsync(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        long total = arguments.Bytes == 0 ? long.MaxValue : arguments.Bytes;
        for (long at = 0; at < total;)
        {
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, total - at));
            SeededBytes.Fill(part.Span, arguments.Seed, at);
            await stream.WriteAsync(part);
            at += part.Length;
            yield return part;
        }

        Ends.ShutdownWrite(stream);
        await stream.CopyToAsync(Stream.Null);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReceiveAsync(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            if (arguments.Task == "echo") await stream.WriteAsync(buffer.AsMemory(0, count));
            yield return buffer.AsMemory(0, count);
        }
    }

    private void CountAndDie(int count)
    {
        if (Interlocked.Add(ref _moved, count) >= arguments.DieAfter) Death.Now();
    }
}

/// <summary>Ends of streams.</summary>
internal static class Ends
{
    public static void ShutdownWrite(Stream stream)
    {
        if (stream is SmcStream smc) smc.ShutdownWrite();
        else if (stream is NetworkStream tcp) tcp.Socket.Shutdown(SocketShutdown.Send);
    }
}
