using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Actors.Tests.Supervision;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Listeners;
using Smc.Transport;

namespace Actors.Tests.Listeners;

/// <summary>A caller that gives up listening leaves no listener behind, at whatever moment it does.</summary>
public sealed class CanceledListenTests : RendezvousTest
{
    [Fact]
    public async Task An_endpoint_that_was_given_up_before_it_was_bound_is_not_bound()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        using var busy = new SemaphoreSlim(0);
        using var released = new SemaphoreSlim(0);
        runtime.System.ActorOf(SmcSupervisor.PropsOf(typeof(Blocker), busy, released));
        Assert.True(await busy.WaitAsync(Eventually.HangGuard));
        using var giveUp = new CancellationTokenSource();
        IPEndPoint endPoint = FreeEndPoint();
        Task<ISmcListener> listening = runtime.ListenAsync(endPoint, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening.Guard());
        released.Release();
        await using ISmcListener next = await runtime.ListenAsync(endPoint).Guard();
        Assert.Equal(endPoint, next.LocalEndPoint);
    }

    [Fact]
    public async Task An_endpoint_that_was_given_up_when_it_had_been_bound_is_free_again()
    {
        using var giveUp = new CancellationTokenSource();
        await using SmcRuntime runtime = await CrashWorld.StartRuntimeAsync(Folder, CancelingAt(typeof(ListenerActor), giveUp));
        IPEndPoint endPoint = FreeEndPoint();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runtime.ListenAsync(endPoint, giveUp.Token).Guard());
        ISmcListener? next = null;
        await Eventually.TrueAsync(async () => (next = await ListenIfFreeAsync(runtime, endPoint)) is not null, "the endpoint is free");
        await next!.DisposeAsync();
    }

    [Fact]
    public async Task A_listener_that_came_before_its_caller_gave_up_is_the_callers()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        using var giveUp = new CancellationTokenSource();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback, giveUp.Token).Guard();
        await giveUp.CancelAsync();
        await using Ends ends = await new Pair(runtime, runtime, listener).ConnectAsync();
        Assert.Equal(SmcMode.SmcD, ends.Server.Mode);
    }

    /// <summary>Cancels when an actor of a class is made.</summary>
    private static PropsFactory CancelingAt(Type moment, CancellationTokenSource source) => (actor, arguments) =>
    {
        if (actor == moment) source.Cancel();
        return SmcSupervisor.PropsOf(actor, arguments);
    };

    private static async Task<ISmcListener?> ListenIfFreeAsync(SmcRuntime runtime, IPEndPoint endPoint)
    {
        try
        {
            return await runtime.ListenAsync(endPoint).Guard();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    /// <summary>Keeps the thread of the control plane busy.</summary>
    private sealed class Blocker(SemaphoreSlim busy, SemaphoreSlim released) : ReceiveActor
    {
        protected override void PreStart()
        {
            busy.Release();
            released.Wait(Eventually.HangGuard);
        }
    }
}
