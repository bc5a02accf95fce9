using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors;
using Smc.Transport;

namespace Actors.Tests.Settings;

public sealed class ShutdownTimeoutTests : RendezvousTest
{
    /// <summary>Below the default of the key, and a hundred times its value here.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Actors_that_do_not_stop_in_time_are_waited_for_no_longer()
    {
        ActorSystem system = ActorSystem.Create("stuck", $"smc {{ shutdown-timeout = 50ms, rendezvous.folder = \"{Folder}\" }}");
        SmcRuntime runtime = SmcExtension.Get(system);
        ISmcListener listener = await runtime.ListenAsync(Loopback);
        using var release = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef blocker = system.ActorOf(Props.Create(() => new Blocker(stuck, release)).WithDispatcher("smc.control-dispatcher"));
        blocker.Tell("block");
        await stuck.Task.Guard();   // and with it the one thread of the control plane

        await Assert.ThrowsAsync<TaskCanceledException>(() => listener.DisposeAsync().AsTask().WaitAsync(LongEnough));
        await Assert.ThrowsAsync<TaskCanceledException>(() => runtime.DisposeAsync().AsTask().WaitAsync(LongEnough));

        release.Set();
        await system.Terminate().Guard();
    }

    private sealed class Blocker : ReceiveActor
    {
        public Blocker(TaskCompletionSource stuck, ManualResetEventSlim release) => Receive<string>(_ =>
        {
            stuck.SetResult();
            release.Wait();
        });
    }
}
