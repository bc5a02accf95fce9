using System.Net;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Transport;

namespace Actors.Tests.Settings;

public sealed class ShutdownTimeoutSpec : TestKit
{
    /// <summary>Below the default of the key, and a hundred times its value here.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(5);

    public ShutdownTimeoutSpec()
        : base("smc { shutdown-timeout = 50ms, negotiation = never }")
    {
    }

    [Fact]
    public async Task Actors_that_do_not_stop_in_time_are_waited_for_no_longer()
    {
        SmcRuntime runtime = SmcExtension.Get(Sys);
        ISmcListener listener = await runtime.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var release = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef blocker = Sys.ActorOf(Props.Create(() => new Blocker(stuck, release)).WithDispatcher("smc.control-dispatcher"));
        blocker.Tell("block");
        await stuck.Task.Guard();   // and with it the one thread of the control plane

        const string Late = "has not stopped within 00:00:00.0500000";
        await EventFilter.Warning(contains: Late).ExpectOneAsync(() => listener.DisposeAsync().AsTask().WaitAsync(LongEnough));
        await EventFilter.Warning(contains: $"/user/smc {Late}").ExpectOneAsync(() => runtime.DisposeAsync().AsTask().WaitAsync(LongEnough));
        release.Set();
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
