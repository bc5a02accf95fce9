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
        var executor = new ControlPlaneExecutor("smc-thrown", Sys.EventStream);
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
        var executor = new ControlPlaneExecutor("smc-reactor", Sys.EventStream);
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

    private static async Task<Thread> ThreadOfAsync(ControlPlaneExecutor executor)
    {
        var ran = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.Execute(new ActionRunnable(() => ran.SetResult(Thread.CurrentThread)));
        await ran.Task.Guard();
        return await ran.Task;
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
