using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

public sealed class PendingOperationTests
{
    [Fact]
    public void A_waker_that_comes_while_the_wait_is_being_announced_does_not_run_it()
    {
        var operation = new Scripted();
        operation.Sleeper.OnAnnounce = () => operation.SignalInline();
        operation.OnStep = () => operation.Steps > 1;
        Assert.True(operation.Start(), "The thread that arms goes on itself.");
        Assert.Equal((0, 2), (operation.Completions, operation.Steps));
    }

    [Fact]
    public void What_came_between_the_announcement_and_the_last_look_is_not_slept_over()
    {
        var operation = new Scripted();
        operation.Sleeper.OnAnnounce = () => operation.Sleeper.Ready = true;
        operation.OnStep = () => operation.Sleeper.Ready;
        Assert.True(operation.Start());
        Assert.Equal(1, operation.Steps);
    }

    [Fact]
    public void It_asks_after_its_announcement_if_it_is_going_to_wait_and_then_may_be_woken()
    {
        var operation = new Scripted { OnStep = () => true };
        operation.Sleeper.OnAsk = () =>
        {
            Assert.Equal((1, false), (operation.Sleeper.Announcements, operation.IsArmed));
            operation.SignalInline();   // the answer is already there
        };
        Assert.True(operation.Start());
        Assert.Equal((1, 1, 0), (operation.Sleeper.Asks, operation.Steps, operation.Completions));
        operation.Sleeper.Ready = true;
        Assert.True(operation.Start());
        Assert.Equal(1, operation.Sleeper.Asks);
    }

    [Fact]
    public void One_of_many_wakers_carries_on()
    {
        for (int i = 0; i < 2000; i++)
        {
            var operation = new Scripted { OnStep = () => true };
            Assert.False(operation.Start());
            int carried = 0;
            Parallel.Invoke(Signal, Signal, Signal);
            Assert.Equal(1, carried);
            Assert.Equal((1, 1), (operation.Steps, operation.Completions));

            void Signal()
            {
                if (operation.SignalInline()) Interlocked.Increment(ref carried);
            }
        }
    }

    [Fact]
    public void A_step_that_yields_nothing_waits_again_with_a_new_announcement()
    {
        var operation = new Scripted { OnStep = () => false };
        Assert.False(operation.Start());
        operation.SignalInline();
        operation.SignalInline();
        Assert.Equal((2, 3, 0), (operation.Steps, operation.Sleeper.Announcements, operation.Completions));
        operation.OnStep = () => true;
        operation.SignalInline();
        Assert.Equal(1, operation.Completions);
        operation.SignalInline();
        Assert.Equal((3, 1), (operation.Steps, operation.Completions));
    }

    [Fact]
    public void Cancellation_at_any_moment_ends_the_wait_once()
    {
        for (int i = 0; i < 300; i++)
        {
            using var source = new CancellationTokenSource();
            var operation = new Scripted { OnStep = () => false };
            bool known = false;
            HangGuard.AtOnce(source.Cancel, () => known = operation.Start(source.Token));
            HangGuard.Until(() => known || operation.Completions == 1, "cancellation");
            Assert.True(operation.WasCanceled);
            Assert.Equal(known ? 0 : 1, operation.Completions);
        }
    }

    [Fact]
    public void It_may_be_used_again()
    {
        var operation = new Scripted { OnStep = () => true };
        for (int i = 1; i <= 100; i++)
        {
            Assert.False(operation.Start());
            operation.SignalInline();
            Assert.Equal((i, i), (operation.Completions, operation.Sleeper.Sleeps));
        }
    }

    private sealed class Scripted(ScriptedSleeper sleeper) : PendingOperation(sleeper)
    {
        private volatile int _completions;

        public Scripted()
            : this(new ScriptedSleeper())
        {
        }

        public ScriptedSleeper Sleeper { get; } = sleeper;

        public Func<bool> OnStep { get; set; } = () => false;

        public bool WasCanceled { get; private set; }

        public int Steps { get; private set; }

        public int Completions => _completions;

        public bool Start(CancellationToken token = default)
        {
            bool known = Begin(token);
            if (known)
            {
                WasCanceled = IsCanceled;
                End();
            }

            return known;
        }

        protected override bool TryStep()
        {
            Assert.False(Sleeper.IsAnnouncing, "Somebody else runs the operation while it is being armed.");
            Steps++;
            return OnStep() || IsCanceled;
        }

        protected override void Complete()
        {
            WasCanceled = IsCanceled;
            End();
            Interlocked.Increment(ref _completions);
        }
    }

    private sealed class ScriptedSleeper : ISleeper
    {
        public Action OnAnnounce { get; set; } = () => { };

        public Action OnAsk { get; set; } = () => { };

        public bool Ready { get; set; }

        public bool IsAnnouncing { get; private set; }

        public int Announcements { get; private set; }

        public int Asks { get; private set; }

        public int Sleeps { get; private set; }

        public void Announce()
        {
            Announcements++;
            IsAnnouncing = true;
            OnAnnounce();
            IsAnnouncing = false;
        }

        public void Ask()
        {
            Asks++;
            OnAsk();
        }

        public void Withdraw()
        {
        }

        public bool LooksReady() => Ready;

        public void Awoke() => Sleeps++;
    }
}
