using Actors.Tests.Harness;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Actors.Tests.Connections;

[Collection(Alone.Name)]
public sealed class ManyConnectionsTests : RendezvousTest
{
    private const string Small = "smc.buffers.size = 16KiB";

    [Fact]
    public async Task Two_thousand_connections_in_a_row_leave_nothing_behind()
    {
        const int Connections = 2000;
        Pair pair = await StartPairAsync();
        await PingAsync(pair);
        ProcessResources before = ProcessResources.Count();
        for (int i = 0; i < Connections; i++) await PingAsync(pair);
        await pair.DmbsAsync(0);
        await before.ComeBackAsync();
    }

    [Fact]
    public async Task Sixty_four_clients_at_once_leave_nothing_behind()
    {
        const int Clients = 64;
        const int ConnectionsEach = 20;
        Pair pair = await StartPairAsync(Small, Small);
        Task serving = ServeAsync(pair.Listener, LinkGroupMemory.MaxConnections + (Clients * ConnectionsEach));
        await FillGroupAsync(pair);   // buffers for all that a link group holds: what comes after needs no more
        await pair.DmbsAsync(0);
        ProcessResources before = ProcessResources.Count();
        await StormAsync(pair, Clients, ConnectionsEach);
        await serving.Guard();
        await pair.DmbsAsync(0);
        await before.ComeBackAsync();
        Assert.Empty(pair.Client.Connections.Fallbacks);
        Assert.Empty(pair.Server.Connections.Fallbacks);
    }

    [Fact]
    public async Task Five_hundred_connections_that_begin_at_the_same_moment_are_all_on_shared_memory()
    {
        const int Connections = 500;
        Pair pair = await StartPairAsync(Small, Small);
        Task serving = ServeAsync(pair.Listener, Connections);
        await StormAsync(pair, Connections, 1);
        await serving.Guard();
        await pair.DmbsAsync(0);
        Assert.Empty(pair.Client.Connections.Fallbacks);
    }

    private static async Task FillGroupAsync(Pair pair)
    {
        SmcStream[] streams = new SmcStream[LinkGroupMemory.MaxConnections];
        for (int i = 0; i < streams.Length; i++) streams[i] = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        foreach (SmcStream stream in streams)
        {
            await stream.WriteAsync(new byte[2]);
            await stream.ReadExactlyAsync(new byte[2]);
            await stream.DisposeAsync();
        }
    }

    private static Task StormAsync(Pair pair, int clients, int each) => Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
    {
        for (int i = 0; i < each; i++)
        {
            await using SmcStream stream = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint);
            byte[] data = [(byte)client, (byte)i];
            await stream.WriteAsync(data);
            byte[] back = new byte[data.Length];
            await stream.ReadExactlyAsync(back);
            Assert.Equal(data, back);
        }
    })).Guard();

    private static Task ServeAsync(ISmcListener listener, int connections) => Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
    {
        await using SmcStream stream = await listener.AcceptAsync();
        byte[] data = new byte[2];
        await stream.ReadExactlyAsync(data);
        await stream.WriteAsync(data);
        Assert.Equal(0, await stream.ReadAsync(data));
    }));

    private static async Task PingAsync(Pair pair)
    {
        await using Ends ends = await pair.ConnectAsync();
        byte[] one = [1];
        await ends.Client.WriteAsync(one);
        Assert.Equal(1, await ends.Server.ReadAsync(one).Guard());
        await ends.Server.WriteAsync(one);
        Assert.Equal(1, await ends.Client.ReadAsync(one).Guard());
        Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
    }
}
