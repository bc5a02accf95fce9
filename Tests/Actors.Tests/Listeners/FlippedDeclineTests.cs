using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire.Rendezvous;

namespace Actors.Tests.Listeners;

/// <summary>A client's Decline with one of its bits flipped, all of them, and what its application says at once behind it.</summary>
public sealed class FlippedDeclineTests : RendezvousTest
{
    private const int Paths = 7;
    private const byte LowestOfVersion2 = 0x20;
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n");

    [Fact]
    public async Task Where_it_still_is_a_Decline_the_application_gets_what_is_behind_it_and_elsewhere_nothing()
    {
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        byte[] decline = ScriptedEnd.DeclineOf(SmcReason.OutOfMemory);
        using (var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint))
        {
            for (int bit = 0; bit < Flips.BitsOf(decline); bit++)
            {
                await SendAsync(client, Flips.Flip(decline, bit));
                if (IsDecline(bit)) await AssertPlainAsync(pair.Listener);
                else Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync)).SocketErrorCode);
                client.Socket.Dispose();
            }
        }

        await Flips.ToldAsync(heard, Flips.BitsOf(decline));
        await pair.Server.DmbsAsync(0);
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
    }

    /// <summary>By the layout of the message: eyecatcher, type, length and a version count, and nothing behind them, not even the trailer.</summary>
    private static bool IsDecline(int bit) => Flips.OffsetOf(bit) > Paths || (Flips.OffsetOf(bit) == Paths && Flips.MaskOf(bit) != LowestOfVersion2);

    private static async Task SendAsync(ScriptedClient client, byte[] flipped)
    {
        client.Announce();
        await client.ConnectAsync();
        client.Propose();
        await client.ReadAcceptAsync();
        client.Session.Send(new Detach(client.Accept.LinkId, client.Accept.Token));
        await client.Socket.SendAsync((byte[])[.. flipped, .. Hello]);
        client.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task AssertPlainAsync(ISmcListener listener)
    {
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
        Assert.Equal(Hello, await Exchange.ReadToEndAsync(stream));
    }
}
