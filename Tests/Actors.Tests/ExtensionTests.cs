using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests;

public sealed class ExtensionTests(ITestOutputHelper output) : RendezvousTest
{
    [Fact]
    public async Task An_actor_system_has_one_runtime_configured_by_its_own_settings()
    {
        ActorSystem system = ActorSystem.Create("host", $"smc {{ rendezvous.folder = \"{Folder}\", buffers.size = 32KiB }}");
        SmcRuntime runtime = SmcExtension.Get(system);
        Assert.Same(runtime, SmcExtension.Get(system));
        Assert.Equal(Folder, runtime.Settings.Rendezvous.Folder);
        Assert.Equal(32 * 1024, runtime.Settings.Buffers.Size.Bytes);

        SmcRuntime other = await StartRuntimeAsync();
        ISmcListener listener = await runtime.ListenAsync(Loopback);
        var pair = new Pair(runtime, other, listener);
        await using (Ends ends = await pair.ConnectAsync())
        {
            Assert.Equal(SmcMode.SmcD, ends.Client.Mode);
            await Exchange.BothWaysAsync(ends, 100_000, Seed.Take(output));
        }

        await runtime.DisposeAsync().Guard();
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().Guard();
    }

    [Fact]
    public async Task A_runtime_whose_actor_system_has_ended_says_so()
    {
        ActorSystem system = ActorSystem.Create("host", $"smc.rendezvous.folder = \"{Folder}\"");
        SmcRuntime runtime = SmcExtension.Get(system);
        ISmcListener listener = await runtime.ListenAsync(Loopback).Guard();
        await system.Terminate().Guard();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.ConnectAsync(listener.LocalEndPoint).Guard());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync().Guard());
        await runtime.DisposeAsync().Guard();
    }
}
