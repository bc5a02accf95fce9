using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Listeners;

/// <summary>DMBs that are registered for a slot, in a slab, at an index or with a size that there is not: whoever confirms or accepts with one has no
/// connection on shared memory, and that has a name and is counted.</summary>
public sealed class WrongDmbTests : ScriptedServerTest
{
    private const int SizeCodeOffset = 25;
    private const int LowestOfSize = 0x10;
    private const uint Slab = 1;
    private const ushort Beyond = ushort.MaxValue;
    private const string Counted = "memory WrongDmb 1: the connection fell back, or was reset";

    public static TheoryData<string> Wrongs => ["slot", "slab", "index", "size"];

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task A_Confirm_with_one_is_reset(string wrong)
    {
        Pair pair = await StartPairAsync();
        var heard = new HeardEvents(pair.Server);
        using (var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint))
        {
            await client.BeginAsync();
            client.Propose();
            await client.ReadAcceptAsync();
            ulong token = await client.OfferDmbAsync();
            await client.MappedAsync();
            if (wrong != "size") token = Register(client, client.Accept.LinkId, wrong, (await client.RegisteredAsync()).Slot);
            await client.Socket.SendAsync(SizedWrong(client.ConfirmOf(token), wrong == "size"));
            Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(client.ReadClcAsync)).SocketErrorCode);
            await client.DetachedAsync();
            await CountedAsync(pair.Server, heard, client);
        }

        await pair.Server.DmbsAsync(0);
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Client.Mode);
    }

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task An_Accept_with_one_is_declined(string wrong)
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        var heard = new HeardEvents(runtime);
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb();
            ulong? token = wrong == "size" ? null : Register(server, ScriptedServer.Group, wrong, slot: 0);
            await server.Socket.SendAsync(SizedWrong(server.AcceptOf(token), wrong == "size"));
            Assert.Equal(SmcReason.SyncError, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.SyncError), (stream.Mode, stream.FallbackReason));
            await CountedAsync(runtime, heard, server);
        }

        await runtime.DmbsAsync(0);
    }

    private static async Task CountedAsync(SmcRuntime runtime, HeardEvents heard, ScriptedEnd by)
    {
        RuleBroken told = await heard.FirstAsync<RuleBroken>();
        Assert.Equal((RuleLayer.Memory, "WrongDmb", by.NameInEvents()), (told.Layer, told.Rule, told.Peer));
        Assert.Equal(Counted, runtime.BrokenRules());
        Assert.False(by.Session.IsLost);
    }

    /// <summary>Registers a second DMB for the handshake, one thing of which is wrong.</summary>
    private static ulong Register(ScriptedEnd end, uint group, string wrong, ushort slot)
    {
        const ulong Token = 4711;
        end.Session.Send(wrong switch
        {
            "slot" => new Register(end.Nonce, Token, group, Slab, 0, Beyond),
            "slab" => new Register(end.Nonce, Token, group, Slab + 1, 0, slot),
            _ => new Register(end.Nonce, Token, group, Slab, Beyond, slot),
        });
        return Token;
    }

    private static byte[] SizedWrong(byte[] message, bool isWrong)
    {
        if (isWrong) message[SizeCodeOffset] += LowestOfSize;
        return message;
    }
}
