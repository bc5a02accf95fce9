using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

public sealed class PendingOperationTests
{
    [Fact]
    public void A_waker_that_comes_while_the_wait_is_being_announced_does_not_run_it()
    {
        var operation = new Scripted();
        operation.OnAnnounce = () => operation.SignalInline();
        operation.OnStep = () => operation.Steps > 1;
        Assert.True(operation.Start(), "The thread that arms goes on itself.");
        Assert.Equal((0, 2), (operation.Completions, operation.Steps));
    }

    [Fact]
    public void What_came_between_the_announcement_and_the_last_look_is_not_slept_over()
    {
        var operation = new Scripted();
        operation.OnAnnounce = () => operation.Ready = true;
        operation.OnStep = () => operation.Ready;
        Assert.True(operation.Start());
        Assert.Equal(1, operation.Steps);
    }

    [Fact]
    public void It_asks_after_its_announcement_if_it_is_going_to_wait_and_then_may_be_woken()
    {
        var operation = new Scripted { OnStep = () => true };
        operation.OnAsk = () =>
        {
            Assert.Equal((1, false), (operation.Announcements, operation.IsArmed));
            operation.SignalInline();   // the answer is already there
        };
        Assert.True(operation.Start());
        Assert.Equal((1, 1, 0), (operation.Asks, operation.Steps, operation.Completions));
        operation.Ready = true;
        Assert.True(operation.Start());
        Assert.Equal(1, operation.Asks);
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
        Assert.Equal((2, 3, 0), (operation.Steps, operation.Announcements, operation.Completions));
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
            Assert.Equal(i, operation.Completions);
        }
    }

    private sealed class Scripted : PendingOperation
    {
        private volatile int _completions;
        private bool _announcing;

        public Action OnAnnounce { get; set; } = () => { };

        public Action OnAsk { get; set; } = () => { };

        public Func<bool> OnStep { get; set; } = () => false;

        public bool Ready { get; set; }

        public bool WasCanceled { get; private set; }

        public int Steps { get; private set; }

        public int Announcements { get; private set; }

        public int Asks { get; private set; }

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
            Assert.False(_announcing, "Somebody else runs the operation while it is being armed.");
            Steps++;
            return OnStep() || IsCanceled;
        }

        protected override void Announce()
        {
            Announcements++;
            _announcing = true;
            OnAnnounce();
            _announcing = false;
        }

        protected override void Ask()
        {
            Asks++;
            OnAsk();
        }

        protected override void Withdraw()
        {
        }

        protected override bool LooksReady() => Ready;

        protected override void Complete()
        {
            WasCanceled = IsCanceled;
            End();
            Interlocked.Increment(ref _completions);
        }
    }
}
