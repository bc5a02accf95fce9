using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace Embedded.Tests.Actor;

public sealed class CoordinatedShutdownTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _ran = new();

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_end_the_system()
    {
        var system = ActorSystem.Create("phases", """
            akka.coordinated-shutdown.phases {
              before-service-unbind.depends-on = [mine]
              mine { }
            }
            """);
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (string phase in new[]
        {
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseBeforeServiceUnbind, "mine",
        })
        {
            shutdown.AddTask(phase, "note", () => Ran(phase));
        }
        Assert.Null(shutdown.ShutdownReason);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.Equal(["mine", "before-service-unbind", "service-unbind", "service-requests-done", "service-stop", "before-actor-system-terminate"], _ran);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task Terminate_runs_the_phases_while_actors_still_live()
    {
        var system = ActorSystem.Create("terminated");
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "ask", async () => await Ran(await echo.Ask<string>("alive", Long)));
        await system.Terminate().WaitAsync(Long);
        Assert.Equal(["alive"], _ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);
    }

    [Fact]
    public async Task Terminate_leaves_them_out_if_told_so()
    {
        var system = ActorSystem.Create("bare", "akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        await system.Terminate().WaitAsync(Long);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task A_second_run_is_the_first_one()
    {
        var system = ActorSystem.Create("once");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        var first = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.Same(first, shutdown.Run(CoordinatedShutdown.UnknownReason.Instance));
        await first.WaitAsync(Long);
        Assert.Equal(["stop"], _ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_run_can_begin_at_a_later_phase()
    {
        var system = ActorSystem.Create("later");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "note", () => Ran("unbind"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceStop).WaitAsync(Long);
        Assert.Equal(["stop"], _ran);
    }

    [Fact]
    public async Task A_task_that_fails_or_never_ends_does_not_stop_phases_that_recover()
    {
        var system = ActorSystem.Create("recovering", "akka.coordinated-shutdown.phases.service-unbind.timeout = 20ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "throws", () => throw new InvalidOperationException("at once"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "fails", () => Task.FromException<Done>(new InvalidOperationException("later")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long);
        Assert.Equal(["stop"], _ran);
        await system.WhenTerminated.WaitAsync(Long);
    }

    [Fact]
    public async Task A_phase_that_does_not_recover_ends_the_run()
    {
        var system = ActorSystem.Create("strict", "akka.coordinated-shutdown { run-by-clr-shutdown-hook = off, phases.service-unbind.recover = off }");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new InvalidOperationException("no")));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        await Assert.ThrowsAnyAsync<Exception>(() => shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Long));
        Assert.Empty(_ran);
        Assert.False(system.WhenTerminated.IsCompleted);
        Assert.Equal("alive", await system.ActorOf(Props.Create(() => new Echo())).Ask<string>("alive", Long));
    }

    [Fact]
    public async Task Time_outs_are_those_of_the_configuration()
    {
        var system = ActorSystem.Create("times", "akka.coordinated-shutdown { default-phase-timeout = 3s, phases.service-stop.timeout = 7s }");
        var shutdown = CoordinatedShutdown.Get(system);
        Assert.Equal(TimeSpan.FromSeconds(3), shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind));
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        var before = shutdown.TotalTimeout;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Ran("stop"));
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.TotalTimeout - before);
        Assert.Throws<ArgumentException>(() => shutdown.Timeout("none"));
        Assert.Throws<ConfigurationException>(() => shutdown.AddTask("none", "note", () => Ran("none")));
        await system.Terminate().WaitAsync(Long);
    }

    [Fact]
    public void Terminate_cannot_run_phases_that_do_not_end_the_system() =>
        Assert.Throws<ConfigurationException>(() => ActorSystem.Create("contradictory", "akka.coordinated-shutdown.terminate-actor-system = off"));

    private Task<Done> Ran(string what)
    {
        _ran.Enqueue(what);
        return Task.FromResult(Done.Instance);
    }
}
