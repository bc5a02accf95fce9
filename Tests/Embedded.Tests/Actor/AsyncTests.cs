using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class AsyncTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void ReceiveAsync_holds_the_mailbox_until_the_task_is_done()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(gate.Task)));
        actor.Tell("wait");
        ExpectMsg("waiting");
        actor.Tell(1);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        gate.SetResult();
        ExpectMsg("waited as wait");
        ExpectMsg(1);
    }

    [Fact]
    public void An_exception_after_an_await_restarts_the_actor()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(gate.Task)));
        EventFilter.Exception<InvalidOperationException>(message: "async").ExpectOne(() =>
        {
            actor.Tell("wait");
            ExpectMsg("waiting");
            actor.Tell(1);
            gate.SetException(new InvalidOperationException("async"));
        });
        ExpectMsg(1);
    }

    [Fact]
    public async Task Ask_gives_the_answer()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        Assert.Equal("x", await echo.Ask<string>("x", Long));
        Assert.Equal("x", await echo.Ask<object>("x", CancellationToken.None));
    }

    [Fact]
    public async Task Ask_throws_what_a_Failure_carries()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => echo.Ask<string>(new Status.Failure(new InvalidOperationException("no")), Long));
        Assert.Equal("no", failure.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => echo.Ask<string>(1, Long));
    }

    [Fact]
    public async Task Ask_ends_with_its_time_out_or_its_token()
    {
        var silent = CreateTestProbe();
        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ref.Ask<string>("x", TimeSpan.FromMilliseconds(20)));
        using var cancelled = new CancellationTokenSource();
        var question = silent.Ref.Ask<string>("x", cancelled.Token);
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    [Fact]
    public void PipeTo_sends_results_and_failures_as_messages()
    {
        Task.FromResult(1).PipeTo(TestActor);
        ExpectMsg(1);
        Task.FromResult(1).PipeTo(TestActor, success: i => $"got {i}");
        ExpectMsg("got 1");
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
        Task.FromException(new InvalidOperationException("no")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>(failure => failure.Cause is InvalidOperationException);
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor, failure: e => e.Message);
        ExpectMsg("no");
        Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(TestActor);
        ExpectMsg<Status.Failure>(failure => failure.Cause is OperationCanceledException);
        ValueTask.FromResult("value").PipeTo(TestActor);
        ExpectMsg("value");
    }

    [Fact]
    public async Task GracefulStop_completes_when_the_actor_has_stopped()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        Assert.True(await echo.GracefulStop(Long));
        Assert.True(await echo.GracefulStop(Long));
        var stubborn = CreateTestProbe();
        Assert.False(await stubborn.Ref.GracefulStop(TimeSpan.FromMilliseconds(20), "please"));
        stubborn.ExpectMsg("please");
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(Task gate)
        {
            ReceiveAsync<string>(async text =>
            {
                Sender.Tell("waiting");
                await gate;
                Sender.Tell($"waited as {text}");
            });
            Receive<int>(i => Sender.Tell(i));
        }
    }
}
