namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private TimeSpan? _end; // of the innermost Within
    private bool _lastWasNoMessage;

    /// <summary>What is left of the innermost Within.</summary>
    public TimeSpan Remaining => _end is { } end ? Left(end) : throw new InvalidOperationException("Remaining has a meaning only inside Within.");

    public TimeSpan RemainingOrDefault => _end is { } end ? Left(end) : Dilated(TestKitSettings.SingleExpectDefault);

    public TimeSpan Dilated(TimeSpan duration) => duration < TimeSpan.Zero ? duration : duration * TestKitSettings.TestTimeFactor;

    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, epsilonValue: epsilonValue, cancellationToken: cancellationToken);

    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within<object?>(min, max, () =>
        {
            action();
            return null;
        }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, epsilonValue: epsilonValue, cancellationToken: cancellationToken);

    /// <summary>The block must take from <paramref name="min"/> to <paramref name="max"/>; expectations in it wait no longer than is left.</summary>
    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var start = Now;
        var outer = _end;
        var limit = Dilated(max);
        if (outer is { } outerEnd && Left(outerEnd) < limit)
        {
            limit = Left(outerEnd);
        }
        _assertions.AssertTrue(min <= limit, "Within needs at least {0}, and {1} is left. {2}", min, limit, hint ?? "");
        _end = start + limit;
        _lastWasNoMessage = false;
        try
        {
            var result = function();
            Check(Now - start);
            return result;
        }
        finally
        {
            _end = outer;
        }

        void Check(TimeSpan elapsed)
        {
            _assertions.AssertTrue(elapsed >= min, "The block took {0}, at least {1} was expected. {2}", elapsed, min, hint ?? "");
            if (!_lastWasNoMessage) // which waits to the very end
            {
                _assertions.AssertTrue(elapsed <= limit + (epsilonValue ?? TimeSpan.Zero), "The block took {0}, at most {1} was expected. {2}", elapsed, limit, hint ?? "");
            }
        }
    }

    private static TimeSpan Left(TimeSpan end)
    {
        var left = end - Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
