using Actors.Tests.Harness;
using Akka.Dispatch;
using Smc.Actors.Dispatch;
using Smc.Actors.Settings;
using Xunit.Abstractions;

namespace Actors.Tests.Dispatch;

/// <summary>The turns of a completion vector, taken one by one: time is their number.</summary>
public sealed class CompletionVectorTests
{
    private const int Budget = 4;
    private const int Mailboxes = 3;
    private const int Turns = 2_000;

    private readonly ITestOutputHelper _output;
    private readonly List<(object What, Exception Cause)> _failures = [];
    private readonly Doorbell _bell = new(() => { });
    private readonly CompletionVector _vector;

    public CompletionVectorTests(ITestOutputHelper output)
    {
        _output = output;
        _vector = NewVector(Budget, Mailboxes);
        _bell.Ring();   // the thread has begun: it is this one
    }

    [Fact]
    public void A_turn_handles_no_more_of_a_queue_than_its_budget_and_runs_no_more_mailboxes_than_its_share()
    {
        var one = new ScriptedSource { Pending = 10 };
        var other = new ScriptedSource { Pending = 2 };
        _vector.Add(one);
        _vector.Add(other);
        int runs = 0;
        for (int i = 0; i < 5; i++) _vector.Enqueue(new ActionRunnable(() => runs++));

        Assert.Equal(Mailboxes + Budget + 2, _vector.DoWork());
        Assert.Equal((Mailboxes, Budget, 2), (runs, one.Handled, other.Handled));
        Assert.Equal(2 + Budget, _vector.DoWork());
        Assert.Equal(2, _vector.DoWork());
        Assert.Equal(0, _vector.DoWork());
    }

    [Fact]
    public void Endless_messages_and_endless_completions_each_get_their_share_of_every_turn()
    {
        ScriptedSource[] sources = [new(), new() { Pending = int.MaxValue }, new() { Pending = int.MaxValue }];
        foreach (ScriptedSource source in sources) _vector.Add(source);
        int runs = 0;
        ActionRunnable? mailbox = null;
        mailbox = new ActionRunnable(() =>
        {
            runs++;
            _vector.Enqueue(mailbox!);   // it always has another message
        });
        _vector.Enqueue(mailbox);

        for (int turn = 1; turn <= Turns; turn++)
        {
            _vector.DoWork();
            Assert.Equal((turn * Mailboxes, 0, turn * Budget, turn * Budget), (runs, sources[0].Handled, sources[1].Handled, sources[2].Handled));
        }
    }

    [Fact]
    public void Whatever_comes_waits_for_what_came_before_it_to_its_own_queue_and_for_nothing_else()
    {
        var random = new Random(Seed.Take(_output));
        int budget = random.Next(1, 9);
        int mailboxes = random.Next(1, 9);
        CompletionVector vector = NewVector(budget, mailboxes);
        var turn = 0;
        var mail = new Deadlines(mailboxes, () => turn);
        Deadlines[] queues = [new(budget, () => turn), new(budget, () => turn), new(budget, () => turn)];
        foreach (Deadlines queue in queues) vector.Add(queue);

        for (; turn < Turns; turn++)
        {
            // Now a flood of one, now of another, now silence.
            int flood = random.Next(5);
            for (int i = 0; i < queues.Length; i++) queues[i].Come(random.Next(flood == i ? 6 * budget : budget + 1));
            for (int left = random.Next(flood == queues.Length ? 6 * mailboxes : mailboxes + 1); left > 0; left--)
            {
                mail.Come(1);
                vector.Enqueue(new ActionRunnable(() => mail.DoWork(1)));
            }

            vector.DoWork();
        }

        Assert.All([.. queues, mail], queue => Assert.True(queue.Handled > Turns / 4, $"{queue.Handled} of {Turns} turns"));
        Assert.Empty(_failures);
    }

    [Fact]
    public void Before_the_thread_sleeps_every_queue_is_armed_and_then_polled_once_more()
    {
        ScriptedSource[] sources = [new(), new()];
        foreach (ScriptedSource source in sources) _vector.Add(source);
        Assert.True(_vector.TryIdle());
        Assert.All(sources, source => Assert.Equal(["arm", "poll"], source.Calls));
    }

    [Fact]
    public void A_completion_that_comes_while_its_queue_is_armed_is_found_before_the_thread_sleeps()
    {
        var source = new ScriptedSource();
        source.OnArm = () => source.Pending++;
        _vector.Add(source);
        Assert.False(_vector.TryIdle());
        Assert.Equal(1, source.Handled);
        Assert.False(_bell.TryLeave(), "the announcement stands");
    }

    [Fact]
    public void A_completion_that_comes_after_its_queue_was_polled_for_the_last_time_wakes_the_thread()
    {
        ScriptedSource[] sources = [new(), new()];
        foreach (ScriptedSource source in sources) _vector.Add(source);
        sources[1].OnDoWork = () =>
        {
            sources[0].Pending++;   // the first has had its last poll
            _bell.Ring();
        };
        Assert.True(_vector.TryIdle());
        _bell.Wait();   // returns at once
        Assert.Equal(1, _vector.DoWork());
    }

    [Fact]
    public void A_message_that_comes_while_the_thread_announces_its_sleep_is_found()
    {
        var source = new ScriptedSource();
        int runs = 0;
        source.OnDoWork = () => _vector.Enqueue(new ActionRunnable(() => runs++));   // as a handler does that tells an actor of its vector
        _vector.Add(source);
        Assert.False(_vector.TryIdle());
        _vector.DoWork();
        Assert.Equal(1, runs);
    }

    [Fact]
    public void A_queue_that_throws_is_let_go_and_reported_and_the_others_go_on()
    {
        var bad = new ScriptedSource { OnDoWork = () => throw new InvalidOperationException("poll") };
        var unarmed = new ScriptedSource { OnArm = () => throw new InvalidOperationException("arm"), OnFail = () => throw new InvalidOperationException("fail") };
        var good = new ScriptedSource();
        foreach (ScriptedSource source in (ScriptedSource[])[bad, unarmed, good]) _vector.Add(source);

        Assert.Equal(1, _vector.DoWork());   // its owner has something to do now
        Assert.True(_vector.TryIdle());
        good.Pending = 1;
        Assert.Equal(1, _vector.DoWork());

        Assert.Equal(["poll"], bad.Calls);
        Assert.Equal(["poll", "arm"], unarmed.Calls);
        Assert.Equal(("poll", "arm"), (bad.Failure!.Message, unarmed.Failure!.Message));
        Assert.Equal(["poll", "arm", "fail"], _failures.Select(failure => failure.Cause.Message));
        Assert.Equal([bad, unarmed, unarmed], _failures.Select(failure => failure.What));
    }

    [Fact]
    public void Work_that_throws_is_reported_and_what_follows_runs()
    {
        int runs = 0;
        var bad = new ActionRunnable(() => throw new InvalidOperationException("work"));
        _vector.Enqueue(bad);
        _vector.Enqueue(new ActionRunnable(() => runs++));
        Assert.Equal(2, _vector.DoWork());
        Assert.Equal(1, runs);
        Assert.Same(bad, _failures.Single().What);
        Assert.Equal("work", _failures.Single().Cause.Message);
    }

    [Fact]
    public void A_queue_that_is_removed_within_a_turn_is_not_called_any_more_and_one_that_is_added_has_the_next()
    {
        var removed = new ScriptedSource();
        var added = new ScriptedSource();
        var remover = new ScriptedSource();
        remover.OnDoWork = () =>
        {
            Assert.True(_vector.Remove(removed));
            _vector.Add(added);
            remover.OnDoWork = null;
        };
        _vector.Add(remover);
        _vector.Add(removed);
        _vector.DoWork();
        Assert.Empty(removed.Calls);
        Assert.Empty(added.Calls);
        _vector.DoWork();
        Assert.Single(added.Calls);
        Assert.False(_vector.Remove(removed));
        Assert.Throws<InvalidOperationException>(() => _vector.Add(added));
    }

    [Fact]
    public void A_turn_allocates_nothing()
    {
        var queue = new CountingQueue();
        _vector.Add(queue);
        var work = new ActionRunnable(() => { });
        Go(Turns);   // compiled, and the queue of work has the room that it needs
        long before = GC.GetAllocatedBytesForCurrentThread();
        Go(50 * Turns);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Go(int turns)
        {
            for (int i = 0; i < turns; i++)
            {
                _vector.DoWork();
                if (_vector.TryIdle()) _bell.Withdraw();
                queue.Pending = i % 3;
                if (i % 2 == 0) _vector.Enqueue(work);
                _bell.Ring();
            }
        }
    }

    private CompletionVector NewVector(int budget, int mailboxes) => new(
        new CompletionVectorSettings(1, Pin: false, budget, mailboxes, Throughput: 1, Looks: 0), _bell, (what, cause) => _failures.Add((what, cause)));

    /// <summary>A queue that checks when it is served: what comes behind so many others has to wait for them, a share a turn.</summary>
    private sealed class Deadlines(int share, Func<int> turn) : ICompletionSource
    {
        private readonly Queue<int> _last = new();

        public int Handled { get; private set; }

        public void Come(int count)
        {
            for (; count > 0; count--) _last.Enqueue(turn() + (_last.Count / share));
        }

        public int DoWork(int budget)
        {
            int done = 0;
            for (; done < budget && _last.TryDequeue(out int last); done++) Assert.True(turn() <= last, $"turn {turn()}, to be served by {last}");
            Handled += done;
            return done;
        }

        public void Arm()
        {
        }

        public void Fail(Exception cause)
        {
        }
    }

    private sealed class CountingQueue : ICompletionSource
    {
        public int Pending { get; set; }

        public int DoWork(int budget)
        {
            int done = Math.Min(budget, Pending);
            Pending -= done;
            return done;
        }

        public void Arm()
        {
        }

        public void Fail(Exception cause)
        {
        }
    }
}
