using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Directory;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Transport;

namespace Actors.Tests.Supervision;

/// <summary>A runtime one of whose own actors cannot begin.</summary>
[Collection(Alone.Name)]
public sealed class BeginTests : RendezvousTest
{
    public static TheoryData<Crash> Begins => CrashTable.Of(Moment.Begin);

    [Theory]
    [MemberData(nameof(Begins))]
    public async Task A_runtime_whose_part_cannot_begin_does_without_it_or_says_that_it_cannot(Crash crash)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var plan = new CrashPlan();
        Task crashed = plan.Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message));
        Assert.Equal(crash.Client, await LiveAsync(plan.PropsOf, (IPEndPoint)server.LocalEndpoint));
        await crashed.Guard();
    }

    [Fact]
    public async Task A_runtime_whose_root_cannot_begin_says_so()
    {
        PropsFactory props = (actor, arguments) =>
            actor == typeof(ListenersActor) ? throw new InjectedCrashException("no listeners") : SmcSupervisor.PropsOf(actor, arguments);
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => CrashWorld.StartRuntimeAsync(Folder, props).Guard());
        Assert.Equal(SocketError.NetworkDown, failure.SocketErrorCode);
    }

    [Fact]
    public async Task A_runtime_that_has_failed_for_good_says_so_to_everybody()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        ISmcListener listener = await runtime.ListenAsync(Loopback);
        await runtime.StopAsync("connectors");
        SocketException connecting = await Assert.ThrowsAsync<SocketException>(() => runtime.ConnectAsync(listener.LocalEndPoint).Guard());
        Assert.Equal(SocketError.NetworkDown, connecting.SocketErrorCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().Guard());
        await runtime.DisposeAsync().Guard();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.ConnectAsync(listener.LocalEndPoint).Guard());
    }

    [Theory]
    [InlineData(nameof(LinkGroupsActor), "SharedMemoryGone", "Tcp:NoSmcdDevice")]
    [InlineData(nameof(LoopbackIsmActor), "SharedMemoryGone", "Tcp:NoSmcdDevice")]
    [InlineData(nameof(CapabilityDirectoryActor), "SharedMemoryGone", "Tcp:NoSmcdDevice")]
    [InlineData(nameof(ListenersActor), "ServiceGone", "refused:NetworkDown")]
    [InlineData(nameof(ConnectorsActor), "ServiceGone", "refused:NetworkDown")]
    public async Task A_runtime_whose_root_fails_at_the_news_that_a_part_is_gone_does_without_it_all_the_same(string part, string news, string outcome)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var root = new CrashPlan();
        var parts = new CrashPlan();
        Task unbegun = parts.Arm(HandledMessages.Actor(part), CrashPlan.Start);
        Task crashed = root.Arm(typeof(SmcSupervisor), HandledMessages.Message(nameof(SmcSupervisor), news));
        PropsFactory props = (actor, arguments) => (actor == typeof(SmcSupervisor) ? root : parts).PropsOf(actor, arguments);
        Assert.Equal(outcome, await LiveAsync(props, (IPEndPoint)server.LocalEndpoint));
        await unbegun.Guard();
        await crashed.Guard();
    }

    private async Task<string> LiveAsync(PropsFactory props, IPEndPoint to)
    {
        try
        {
            await using SmcRuntime runtime = await CrashWorld.StartRuntimeAsync(Folder, props).Guard();
            await using ISmcListener listener = await runtime.ListenAsync(Loopback).Guard();
            await using SmcStream stream = await runtime.ConnectAsync(to).Guard();
            return $"{stream.Mode}:{stream.FallbackReason}";
        }
        catch (SocketException e)
        {
            return $"refused:{e.SocketErrorCode}";
        }
    }
}
