using Actors.Tests.Harness;
using Akka.Dispatch;
using Akka.TestKit.Xunit2;
using Smc.Actors.Dispatch;

namespace Actors.Tests.Dispatch;

/// <summary>What throws on the control plane's thread costs neither the thread nor anybody else.</summary>
public sealed class ControlPlaneExecutorSpec : TestKit
{
    [Fact]
    public async Task Work_that_throws_is_logged_and_the_next_runs_on_the_same_thread()
    {
        ControlPlaneExecutor executor = Start("smc-thrown");
        Thread before = await ThreadOfAsync(executor);
        await EventFilter.Exception<InvalidOperationException>(message: "thrown").ExpectOneAsync(async () =>
        {
            executor.Execute(new ActionRunnable(static () => throw new InvalidOperationException("thrown")));
            Assert.Same(before, await ThreadOfAsync(executor));
        });
        executor.Shutdown();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reactor_that_throws_is_told_so_once_and_gets_no_more_turns(bool asItSleeps)
    {
        ControlPlaneExecutor executor = Start("smc-reactor");
        var reactor = new ThrowingReactor(asItSleeps);
        await EventFilter.Exception<InvalidOperationException>(message: "reactor").ExpectOneAsync(async () =>
        {
            executor.Execute(new ActionRunnable(() => executor.Attach(reactor)));
            await reactor.Failed.Task.Guard();
        });
        int turns = reactor.Turns;
        await ThreadOfAsync(executor);
        Assert.Equal((turns, 1), (reactor.Turns, reactor.Failures));
        executor.Shutdown();
    }

    [Fact]
    public async Task A_reactor_that_comes_second_gets_no_turns_and_takes_none_away()
    {
        ControlPlaneExecutor executor = Start("smc-second");
        var first = new QuietReactor();
        var second = new QuietReactor();
        var attached = new TaskCompletionSource<(Exception?, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Execute(new ActionRunnable(() =>
        {
            executor.Attach(first);
            Exception? refused = Record.Exception(() => executor.Attach(second));
            executor.Detach(second);
            attached.SetResult((refused, executor.HasRoom));
        }));
        (Exception? refusal, bool hasRoom) = await attached.Task.Guard();
        Assert.IsType<InvalidOperationException>(refusal);
        Assert.False(hasRoom);
        await first.Turned.Task.Guard();
        var detached = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Execute(new ActionRunnable(() =>
        {
            executor.Detach(first);
            detached.SetResult(executor.HasRoom);
        }));
        Assert.True(await detached.Task.Guard());
        Assert.False(second.Turned.Task.IsCompleted);
        executor.Shutdown();
    }

    [Fact]
    public async Task An_executor_that_has_ended_may_be_told_so_once_more()
    {
        ControlPlaneExecutor executor = Start("smc-ended");
        Thread thread = await ThreadOfAsync(executor);
        executor.Shutdown();
        await Eventually.TrueAsync(() => !thread.IsAlive, "the thread has ended");
        executor.Shutdown();
    }

    [Fact]
    public async Task Work_that_comes_as_the_thread_ends_is_done()
    {
        const int Rounds = 2_000;
        for (int i = 0; i < Rounds; i++)
        {
            ControlPlaneExecutor executor = Start("smc-ending");
            await ThreadOfAsync(executor);
            using var together = new Barrier(2);
            Task ending = Task.Run(() =>
            {
                together.SignalAndWait();
                executor.Shutdown();
            });
            together.SignalAndWait();
            await ThreadOfAsync(executor);
            await ending.Guard();
        }
    }

    [Fact]
    public async Task An_executor_that_is_used_again_has_a_thread_again_and_gives_a_reactor_its_turns()
    {
        ControlPlaneExecutor executor = Start("smc-again");
        Thread before = await ThreadOfAsync(executor);
        executor.Shutdown();
        await Eventually.TrueAsync(() => !before.IsAlive, "the thread has ended");
        executor.Lease();
        var reactor = new ThrowingReactor(asItSleeps: true);
        executor.Execute(new ActionRunnable(() => executor.Attach(reactor)));
        await reactor.Failed.Task.Guard();
        Assert.NotSame(before, await ThreadOfAsync(executor));
        executor.Shutdown();
    }

    private ControlPlaneExecutor Start(string id)
    {
        var executor = new ControlPlaneExecutor(id, Sys.EventStream);
        executor.Lease();
        return executor;
    }

    private static async Task<Thread> ThreadOfAsync(ControlPlaneExecutor executor)
    {
        var ran = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Execute(new ActionRunnable(() => ran.SetResult(Thread.CurrentThread)));
        await ran.Task.Guard();
        return await ran.Task;
    }

    private sealed class QuietReactor : IControlWait
    {
        private readonly AutoResetEvent _bell = new(initialState: false);

        public TaskCompletionSource Turned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Handle()
        {
            Turned.TrySetResult();
            return false;
        }

        public void WaitReadable() => _bell.WaitOne();

        public void Wake() => _bell.Set();

        public void Fail(Exception cause)
        {
        }
    }

    private sealed class ThrowingReactor(bool asItSleeps) : IControlWait
    {
        public TaskCompletionSource Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Turns { get; private set; }

        public int Failures { get; private set; }

        public bool Handle()
        {
            Turns++;
            return asItSleeps ? false : throw new InvalidOperationException("reactor");
        }

        public void WaitReadable() => throw new InvalidOperationException("reactor");

        public void Wake()
        {
        }

        public void Fail(Exception cause)
        {
            Failures++;
            Failed.TrySetResult();
        }
    }
}
