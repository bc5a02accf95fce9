using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Actors.Tests.Listeners;

/// <summary>Proposals that count wrongly are reset by the name of the rule; those that offer what the server does not have are declined.</summary>
public sealed class ProposalRulesTests : RendezvousTest
{
    private const int EidCount = 80;
    private const int GidCount = 81;

    [Theory]
    [InlineData(EidCount, 9, WireError.BadEidCount)]
    [InlineData(EidCount, 255, WireError.BadEidCount)]
    [InlineData(GidCount, 9, WireError.BadGidCount)]
    [InlineData(GidCount, 255, WireError.BadGidCount)]
    [InlineData(GidCount, 8, WireError.BadSmcdV2ExtensionOffset)]
    [InlineData(GidCount, 1, WireError.BadLength)]
    [InlineData(GidCount, 0, WireError.BadLength)]
    public async Task Counts_that_are_not_those_of_the_message_are_reset_by_name(int offset, byte count, WireError rule)
    {
        Pair pair = await StartPairAsync();
        using var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint);
        await client.BeginAsync();
        byte[] proposal = ScriptedClient.ProposalOf(client.Rendezvous.Gid);
        proposal[offset] = count;
        await client.Socket.SendAsync(proposal);
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync)).SocketErrorCode);
        Assert.Equal([rule], pair.Server.Connections.Breaches.Keys);   // counted before the reset
        await GoesOnAsync(pair);
    }

    [Theory]
    [InlineData("", SmcReason.NoUeid)]
    [InlineData("SOMEBODY-ELSES", SmcReason.NoSmcdDevice)]
    public async Task EIDs_that_are_not_the_servers_are_declined_with_their_diagnosis(string eid, SmcReason reason)
    {
        Pair pair = await StartPairAsync();
        using var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint);
        await client.BeginAsync();
        await client.Socket.SendAsync(ProposalOf(client.Rendezvous.Gid, eid));
        Assert.Equal(WireError.None, Decline.TryWrap(await client.ReadClcAsync(), out Decline decline));
        Assert.Equal(reason, decline.Diagnosis);
        await using (SmcStream stream = await pair.Listener.AcceptAsync().Guard())
        {
            Assert.Equal((SmcMode.Tcp, reason), (stream.Mode, stream.FallbackReason));
            await Exchange.LookalikesAsync(stream, client.Socket);
        }

        await GoesOnAsync(pair);
    }

    private static byte[] ProposalOf(SmcGid gid, string eid)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        Ueid[] eids = Ueid.TryParse(eid, out Ueid parsed) ? [parsed] : [];
        var fields = new ProposalFields { Eids = eids, Devices = [SmcdDeviceId.OfLoopback(gid)] };
        return buffer[..ClcWriter.Write(buffer, in fields)].ToArray();
    }

    private static async Task GoesOnAsync(Pair pair)
    {
        await pair.Server.DmbsAsync(0);
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Server.Mode);
    }
}
