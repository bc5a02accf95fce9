using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>
/// A client's Confirm with one of its bits flipped, memory offered by the rules. It is a connection on shared memory exactly where the bit is
/// in a field that says nothing to a server of SMC-D; elsewhere it is a Decline, or a reset with a name. Of the bits between header and trailer a
/// run takes one in so many, others each time; the decoders' tests take all.
/// </summary>
public sealed class FlippedConfirmTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Rotation = 8;
    private const int TrailerBytes = 4;
    private const int Length = 5;
    private const int Paths = 7;
    private const int ReservedOfPaths = 0x04;
    private const int SizeCode = 25;
    private const int LowestOfSize = 0x10;
    private const int Chid = 32;
    private const int FirstContact = 74;
    private const int OsAndRelease = 75;
    private const int LowestOfOs = 0x10;

    /// <summary>Bytes of a first Confirm of release 1.</summary>
    private const int FirstContactBytes = 130;

    [Fact]
    public async Task It_is_a_connection_where_the_bit_says_nothing_and_declined_or_reset_by_name_elsewhere()
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using var ended = new CancellationTokenSource();
        Task accepting = DropAllAsync(pair.Listener, ended.Token);
        int[] bits = [.. Enumerable.Range(0, Flips.BitsOfByte * FirstContactBytes).Where(bit => IsFrame(bit) || bit % Rotation == seed % Rotation)];
        foreach ((int n, int bit) in bits.Index()) await TryAsync(pair, heard, bit, handshakes: n + 1);

        await Flips.ToldAsync(heard, bits.Length);
        await pair.Server.DmbsAsync(0);
        await ended.CancelAsync();
        await accepting;
        await using Ends next = await pair.ConnectAsync();
        await Exchange.BothWaysAsync(next, 10_000, seed);
    }

    private static bool IsFrame(int bit) => Flips.OffsetOf(bit) is < ClcHeader.Size or >= FirstContactBytes - TrailerBytes;

    /// <summary>By the layout of the message, whatever the decoder says.</summary>
    private static bool SaysNothing(int bit) => Flips.OffsetOf(bit) switch
    {
        Paths => Flips.MaskOf(bit) == ReservedOfPaths,
        SizeCode => Flips.MaskOf(bit) < LowestOfSize,       // beside the size
        > SizeCode and < Chid => true,                      // reserved, and the id of the client's link group
        OsAndRelease => Flips.MaskOf(bit) >= LowestOfOs,    // beside the release
        >= FirstContact and < FirstContactBytes - TrailerBytes => true,   // the rest of it: flags, host name, features
        _ => false,
    };

    private async Task TryAsync(Pair pair, HeardEvents heard, int bit, int handshakes)
    {
        using var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint);
        await client.BeginAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        ulong token = await client.OfferDmbAsync();
        await client.MappedAsync();
        byte[] confirm = client.ConfirmOf(token);
        Assert.Equal(FirstContactBytes, confirm.Length);
        await client.Socket.SendAsync(Flips.Flip(confirm, bit));
        if (Flips.OffsetOf(bit) is Length or Length + 1) client.Socket.Shutdown(SocketShutdown.Send);   // a server that waits for the rest of a longer message
        await Eventually.EqualAsync(handshakes, () => heard.Of<HandshakeEnded>().Count, $"handshakes that were told, bit {bit}");

        HandshakeEnded told = heard.Of<HandshakeEnded>()[^1];
        Assert.True((told.Outcome == HandshakeOutcome.Smc) == SaysNothing(bit), $"bit {bit}: {told}");
        if (told.Outcome == HandshakeOutcome.Fallback)
        {
            Assert.Equal(WireError.None, Decline.TryWrap(await client.ReadClcAsync(), out Decline decline));
            Assert.Equal((told.Decision.Reason, SmcReason.ReleaseError), (decline.Diagnosis, decline.Diagnosis));
        }
        else if (told.Outcome == HandshakeOutcome.Failed)
        {
            Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync)).SocketErrorCode);
        }
    }

    private static async Task DropAllAsync(ISmcListener listener, CancellationToken ended)
    {
        try
        {
            while (true) await (await listener.AcceptAsync(ended)).DisposeAsync();
        }
        catch (OperationCanceledException)
        {
            // All have been.
        }
    }
}
