using System.Collections.Concurrent;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using Smc.Transport.Wire.Rendezvous;
using Xunit.Abstractions;

namespace Actors.Tests.Listeners;

/// <summary>
/// First bytes of announced connections that are a Proposal, but for a bit, and others that are less. Those whose header is no Proposal's
/// reach the application, whole; no other byte does; and the listener goes on.
/// </summary>
public sealed class GarbageTests(ITestOutputHelper output) : RendezvousTest
{
    private const int LengthOffset = 5;

    [Fact]
    public async Task Every_bit_of_a_Proposal_may_be_flipped()
    {
        int bits = ScriptedClient.ProposalOf(SmcGid.NewRandom()).Length * 8;
        await SendAllAsync(own => Enumerable.Range(0, bits).Select(bit =>
        {
            byte[] flipped = ScriptedClient.ProposalOf(own);
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            return flipped;
        }));
    }

    [Fact]
    public async Task Lengths_eyecatchers_versions_and_trailing_bytes_may_be_anything()
    {
        var random = new Random(Seed.Take(output));
        await SendAllAsync(own =>
        [
            WithLength(own, 0), WithLength(own, 1), WithLength(own, 51), WithLength(own, 52), WithLength(own, 652), WithLength(own, 653), WithLength(own, ushort.MaxValue),
            [.. ScriptedClient.ProposalOf(own), 1, 2, 3],
            [.. ScriptedClient.ProposalOf(own), .. ScriptedClient.ProposalOf(own)],
            [.. ScriptedClient.ProposalOf(own).Reverse()],
            [.. ScriptedClient.ProposalOf(own)[..^1]],
            .. Enumerable.Range(0, 100).Select(_ => Rubbish(random)),
            .. Enumerable.Range(0, 100).Select(_ => (byte[])[.. ScriptedClient.ProposalOf(own)[..8], .. Rubbish(random)]),
        ]);
    }

    private static byte[] WithLength(SmcGid own, int length)
    {
        byte[] proposal = ScriptedClient.ProposalOf(own);
        proposal[LengthOffset] = (byte)(length >> 8);
        proposal[LengthOffset + 1] = (byte)length;
        return proposal;
    }

    private static byte[] Rubbish(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 1000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private async Task SendAllAsync(Func<SmcGid, IEnumerable<byte[]>> make)
    {
        Pair pair = await StartPairAsync();
        var delivered = new ConcurrentBag<byte[]>();
        _ = AcceptAsync(pair.Listener, delivered);
        var expected = new List<byte[]>();
        using (var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint))
        {
            foreach (byte[] bytes in make(client.Rendezvous.Gid))
            {
                if (ClcFraming.Sniff(bytes) != ClcSniff.Proposal) expected.Add(bytes);
                await SendAsync(client, bytes);
                client.Socket.Dispose();
            }
        }

        await pair.Server.DmbsAsync(0);
        await using (SmcStream next = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard())
        {
            Assert.Equal(SmcMode.SmcD, next.Mode);
            next.ShutdownWrite();
            Assert.Empty(await Exchange.ReadToEndAsync(next));
        }

        Assert.Equal(expected.Select(Convert.ToHexString).Order(), delivered.Select(Convert.ToHexString).Order());
    }

    /// <summary>Reads whatever is accepted to its end, and keeps what is not empty.</summary>
    private static async Task AcceptAsync(ISmcListener listener, ConcurrentBag<byte[]> delivered)
    {
        try
        {
            while (true)
            {
                await using SmcStream stream = await listener.AcceptAsync();
                (byte[] bytes, _) = await Exchange.ReadToBreakAsync(stream);
                if (bytes.Length > 0) delivered.Add(bytes);
            }
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>Sends, ends, and reads what comes until the server ends too. A DMB that comes is given back.</summary>
    private static async Task SendAsync(ScriptedClient client, byte[] bytes)
    {
        client.Announce();
        await client.ConnectAsync();
        await client.Socket.SendAsync(bytes);
        client.Socket.Shutdown(SocketShutdown.Send);
        try
        {
            while (await client.ReadClcAsync() is { Length: > 0 } message)
            {
                if (SmcdAccept.TryWrap(message, ClcType.Accept, out SmcdAccept accept) == WireError.None)
                    client.Session.Send(new Detach(accept.LinkId, accept.Token));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end like any other.
        }
    }
}
