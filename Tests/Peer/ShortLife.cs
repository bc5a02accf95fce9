using System.Buffers.Binary;
using System.Net.Sockets;
using Smc.Transport;

namespace Smc.Peer;

/// <summary>
/// A short connection between two processes, all of which follows from its seed: how many bytes go either way, how many of them are read, and which end
/// closes or breaks off first, with bytes unread or without. Either end checks that what it reads are the bytes of this seed, and nobody else's.
/// </summary>
public sealed class ShortLife
{
    private const int HeaderBytes = sizeof(int);
    private const int MostBytes = 150_000;   // more than twice through a ring
    private const int ChunkBytes = 8_000;

    /// <summary>The bytes that the server sends have another seed than the client's.</summary>
    private const int ServersOwn = 0x4000_0000;

    private readonly Plan _client;
    private readonly Plan _server;

    public ShortLife(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        (_client, _server) = (Plan.From(random), Plan.From(random));
    }

    /// <summary>What all follows from.</summary>
    public int Seed { get; }

    /// <summary>Reads the seed of a connection at its server.</summary>
    /// <returns>Null where the client broke off before.</returns>
    public static async Task<ShortLife?> ReadAsync(SmcStream stream)
    {
        byte[] header = new byte[HeaderBytes];
        try
        {
            int count = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false);
            return count == header.Length ? new ShortLife(BinaryPrimitives.ReadInt32LittleEndian(header)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Lives it at the client, and closes the stream.</summary>
    /// <returns>False where a byte came that is none of its own.</returns>
    public async Task<bool> AtClientAsync(SmcStream stream)
    {
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, Seed);
        await stream.WriteAsync(header);
        return await LiveAsync(stream, _client, Seed, _server, Seed ^ ServersOwn);
    }

    /// <summary>Lives it at the server, behind the header, and closes the stream.</summary>
    /// <returns>False where a byte came that is none of its own.</returns>
    public Task<bool> AtServerAsync(SmcStream stream) => LiveAsync(stream, _server, Seed ^ ServersOwn, _client, Seed);

    private static async Task<bool> LiveAsync(SmcStream stream, Plan own, int ownSeed, Plan peer, int peerSeed)
    {
        Task sending = SendAsync(stream, own.Bytes, ownSeed);
        bool isRight = await ReadAsync(stream, (int)(peer.Bytes * own.ReadShare), peerSeed);
        if (own.WaitsForItsWrites && peer.ReadsAll) await sending;   // or both ends would wait for each other
        if (own.BreaksOff) stream.Abort();
        await stream.DisposeAsync();
        await sending;
        return isRight;
    }

    private static async Task SendAsync(SmcStream stream, int bytes, int seed)
    {
        byte[] chunk = new byte[ChunkBytes];
        try
        {
            for (int at = 0; at < bytes; at += chunk.Length)
            {
                int count = Math.Min(chunk.Length, bytes - at);
                SeededBytes.Fill(chunk.AsSpan(0, count), seed, at);
                await stream.WriteAsync(chunk.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Either end has closed under it, as planned.
        }
    }

    /// <summary>Reads so many bytes, or fewer where the peer ends before.</summary>
    private static async Task<bool> ReadAsync(SmcStream stream, int bytes, int seed)
    {
        byte[] chunk = new byte[ChunkBytes], expected = new byte[ChunkBytes];
        try
        {
            for (int at = 0; at < bytes;)
            {
                int count = await stream.ReadAsync(chunk.AsMemory(0, Math.Min(chunk.Length, bytes - at)));
                if (count == 0) return true;
                SeededBytes.Fill(expected.AsSpan(0, count), seed, at);
                if (!chunk.AsSpan(0, count).SequenceEqual(expected.AsSpan(0, count))) return false;
                at += count;
            }
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // The peer broke off, or closed with bytes unread.
        }

        return true;
    }

    /// <summary>What one end does.</summary>
    /// <param name="Bytes">That it sends.</param>
    /// <param name="ReadShare">How much of what the peer sends is read: less than all leaves bytes unread.</param>
    /// <param name="WaitsForItsWrites">Whether it closes behind them, or under them.</param>
    /// <param name="BreaksOff">Whether it aborts instead of closing.</param>
    private sealed record Plan(int Bytes, double ReadShare, bool WaitsForItsWrites, bool BreaksOff)
    {
        public bool ReadsAll => ReadShare == 1;

        public static Plan From(Random random) => new(
            random.Next(2) == 0 ? random.Next(ChunkBytes) : random.Next(MostBytes),
            random.Next(2) == 0 ? 1 : random.NextDouble(),
            random.Next(2) == 0,
            random.Next(3) == 0);
    }
}
