namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan AwaitInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Repeats <paramref name="assertion"/> until it holds; its last exception is thrown when the time is up.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (Now < end)
            {
                Pause(interval, end, cancellationToken);
            }
        }
    }

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(() =>
        {
            assertion();
            return Task.CompletedTask;
        }, duration, interval, cancellationToken);

    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                await assertion().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Now < end)
            {
                await Task.Delay(PauseLength(interval, end), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max = null, TimeSpan? interval = null, string? message = null, CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        bool fulfilled = AwaitConditionNoThrow(conditionIsFulfilled, limit, interval, cancellationToken);
        _assertions.AssertTrue(fulfilled, "The condition did not come true within {0}. {1}", limit, message ?? "");
    }

    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Now + max;
        while (!conditionIsFulfilled())
        {
            if (Now >= end)
            {
                return false;
            }
            Pause(interval, end, cancellationToken);
        }
        return true;
    }

    private static void Pause(TimeSpan? interval, TimeSpan end, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(PauseLength(interval, end));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan PauseLength(TimeSpan? interval, TimeSpan end)
    {
        var pause = interval ?? AwaitInterval;
        return pause < Left(end) ? pause : Left(end);
    }
}
