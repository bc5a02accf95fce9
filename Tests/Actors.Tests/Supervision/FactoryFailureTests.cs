using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Connections;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Actors.Tests.Supervision;

/// <summary>What an actor holds already is let go where it cannot make the actor that was to take it, or cannot hand it out.</summary>
[Collection(Alone.Name)]
public sealed class FactoryFailureTests : RendezvousTest
{
    [Fact]
    public async Task A_connection_whose_handshake_cannot_be_made_is_reset_and_the_next_is_on_shared_memory()
    {
        await using SmcRuntime server = await CrashWorld.StartRuntimeAsync(Folder, FailingOnce(typeof(HandshakeActor)));
        await using SmcRuntime client = await CrashWorld.StartRuntimeAsync(Folder, SmcSupervisor.PropsOf);
        await using ISmcListener listener = await server.ListenAsync(Loopback).Guard();
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(listener.LocalEndPoint).Guard());
        Assert.Equal(SocketError.ConnectionReset, refusal.SocketErrorCode);
        await using SmcStream next = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        Assert.Equal(SmcMode.SmcD, next.Mode);
    }

    [Fact]
    public async Task An_endpoint_whose_listener_cannot_be_made_is_free_again()
    {
        await using SmcRuntime runtime = await CrashWorld.StartRuntimeAsync(Folder, FailingOnce(typeof(ListenerActor)));
        IPEndPoint endPoint = FreeEndPoint();
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => runtime.ListenAsync(endPoint).Guard());
        Assert.Equal(SocketError.OperationAborted, refusal.SocketErrorCode);
        await using ISmcListener listener = await runtime.ListenAsync(endPoint).Guard();
        Assert.Equal(endPoint, listener.LocalEndPoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_group_that_cannot_be_made_leaves_nothing_of_its_memory_and_the_next_one_is_made(bool isServer)
    {
        PropsFactory failing = FailingOnce(typeof(LinkGroupActor));
        await using SmcRuntime server = await CrashWorld.StartRuntimeAsync(Folder, isServer ? failing : SmcSupervisor.PropsOf);
        await using SmcRuntime client = await CrashWorld.StartRuntimeAsync(Folder, isServer ? SmcSupervisor.PropsOf : failing);
        server.Device.Mappings = new PeerMappings(most: 100, mostOfPeer: 100);
        client.Device.Mappings = new PeerMappings(most: 100, mostOfPeer: 100);
        await using ISmcListener listener = await server.ListenAsync(Loopback).Guard();
        await using (SmcStream plain = await client.ConnectAsync(listener.LocalEndPoint).Guard())
        {
            await using SmcStream served = await listener.AcceptAsync().Guard();
            Assert.Equal(SmcMode.Tcp, plain.Mode);
        }

        foreach (SmcRuntime runtime in new[] { server, client })
            await Eventually.EqualAsync(0, () => runtime.Device.Mappings.Count, "mappings for the peer");
        await Eventually.EqualAsync(0, () => ProcessResources.Count().MemoryFiles, "memory files that nobody has");
        Assert.Equal(0, ProcessResources.Count().Mapped);
        await using SmcStream next = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        Assert.Equal(SmcMode.SmcD, next.Mode);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_handed_out_is_reset_and_entered_nowhere()
    {
        PropsFactory props = FailingOnce(typeof(ConnectionActor), static arguments => [(ConnectionParts)arguments[0] with { Receiver = new Refusing() }, .. arguments[1..]]);
        await using SmcRuntime server = await CrashWorld.StartRuntimeAsync(Folder, props);
        await using SmcRuntime client = await CrashWorld.StartRuntimeAsync(Folder, SmcSupervisor.PropsOf);
        await using ISmcListener listener = await server.ListenAsync(Loopback).Guard();
        await using (SmcStream stream = await client.ConnectAsync(listener.LocalEndPoint).Guard())
        {
            IOException broken = await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1]).Guard());
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
        }

        await server.DmbsAsync(0);   // its actor has ended: the peer hears of the reset before that
        Assert.Empty(server.Connections.ReportAll().Connections);
        await client.DmbsAsync(0);
    }

    /// <summary>Props that throw at the first actor of a class.</summary>
    private static PropsFactory FailingOnce(Type actor) => FailingOnce(actor, static _ => throw new InjectedCrashException("cannot be made"));

    /// <summary>Props that give the first actor of a class other arguments.</summary>
    private static PropsFactory FailingOnce(Type failing, Func<object[], object[]> change)
    {
        int left = 1;
        return (actor, arguments) =>
            SmcSupervisor.PropsOf(actor, actor == failing && Interlocked.Exchange(ref left, 0) == 1 ? change(arguments) : arguments);
    }

    private sealed class Refusing : LinkGroupProtocol.IStreamReceiver
    {
        public void Deliver(SmcStream stream) => throw new InjectedCrashException("not taken");

        public void Fail(SocketError reason)
        {
        }
    }
}
