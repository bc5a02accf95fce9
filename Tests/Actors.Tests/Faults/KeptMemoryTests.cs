using System.Collections.Concurrent;
using System.Net;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;
using Smc.Peer.Hostile;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire.Rendezvous;

namespace Actors.Tests.Faults;

/// <summary>A peer that keeps the descriptors of all memory that it is offered: once a link group has ended, they are of memory without a page.</summary>
public sealed class KeptMemoryTests : ScriptedServerTest
{
    private const int Groups = 5;

    [Theory]
    [InlineData("smc { }")]
    [InlineData("smc.buffers.memory = prefaulted")]
    public async Task What_a_client_keeps_of_groups_that_it_deletes_in_the_middle_of_a_handshake_is_empty(string hocon)
    {
        Pair pair = await StartPairAsync(hocon);
        var clients = new List<Keeper>();
        for (int group = 0; group < Groups; group++)
        {
            var client = new Keeper(Folder, pair.Listener.LocalEndPoint);
            clients.Add(client);
            await client.BeginAsync();
            client.Propose();
            await client.ReadAcceptAsync();
            await client.OfferedAsync();
            Assert.Equal(2, client.Kept.Count);   // the control region, and the slab of the server's DMBs
            Assert.NotEqual(0ul, client.Committed);
            client.Session.Send(new DeleteGroup(client.Accept.LinkId, SmcReason.None));
        }

        foreach (Keeper client in clients)
        {
            await EmptyAsync(client.Kept);
            client.Dispose();
        }

        await pair.Server.DmbsAsync(0);
        await using Ends next = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, next.Server.Mode);
    }

    [Fact]
    public async Task What_a_server_keeps_of_a_group_whose_connection_its_client_has_closed_is_empty()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        using var server = new KeepingServer(Folder);
        Task<SmcStream> connecting = runtime.ConnectAsync(server.EndPoint).AsTask();
        Assert.True(await server.AcceptConnectionAsync().Guard());
        server.Match();
        await server.ReadClcAsync();
        server.OfferGroup();
        server.OfferDmb();
        server.SendAccept();
        SmcStream stream = await connecting.Guard();
        Assert.Equal(SmcMode.SmcD, stream.Mode);
        server.Session.Send(new DeleteGroup(ScriptedServer.Group, SmcReason.None));
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1]).Guard());
        await stream.DisposeAsync();
        await EmptyAsync(server.Kept);
    }

    private static Task EmptyAsync(IReadOnlyCollection<KeptMemory> kept) =>
        Eventually.EqualAsync(0ul, () => kept.Aggregate(0ul, (sum, one) => sum + one.Blocks), "blocks of memory that nobody has mapped");

    private sealed class Keeper(string folder, IPEndPoint server) : ScriptedClient(folder, server)
    {
        private readonly ConcurrentBag<KeptMemory> _kept = [];

        public IReadOnlyCollection<KeptMemory> Kept => _kept;

        public ulong Committed => _kept.Aggregate(0ul, (sum, one) => sum + one.Blocks);

        protected override void Take(OfferSlab offer, FileDescriptor descriptor) => Keep(_kept, descriptor);

        protected override void Close()
        {
            foreach (KeptMemory memory in _kept) memory.Dispose();
        }
    }

    private sealed class KeepingServer(string folder) : ScriptedServer(folder)
    {
        private readonly ConcurrentBag<KeptMemory> _kept = [];

        public IReadOnlyCollection<KeptMemory> Kept => _kept;

        protected override void Take(OfferSlab offer, FileDescriptor descriptor) => Keep(_kept, descriptor);

        protected override void Close()
        {
            base.Close();
            foreach (KeptMemory memory in _kept) memory.Dispose();
        }
    }

    private static void Keep(ConcurrentBag<KeptMemory> kept, FileDescriptor descriptor)
    {
        kept.Add(new KeptMemory(descriptor));
        descriptor.Dispose();
    }
}
