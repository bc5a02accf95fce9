using Akka.Actor;

namespace Akka.TestKit.Internal;

internal sealed class InternalEventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<EventFilter> filters) : IEventFilterApplier
{
    private TimeSpan Leeway => testkit.Dilated(testkit.TestKitSettings.TestEventFilterLeeway);

    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, Leeway, Result(action), cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, testkit.Dilated(timeout), Result(action), cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, Leeway, func, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, testkit.Dilated(timeout), func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var counter = new Counter(filters);
        using var _ = Mute();
        await actionAsync().ConfigureAwait(false);
        await counter.AwaitAsync(expectedCount, Leeway, cancellationToken).ConfigureAwait(false);
        Check(counter.Count, expectedCount);
    }

    public void Mute(Action action, CancellationToken cancellationToken = default) => Mute(Result(action), cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        using var _ = Mute();
        return func();
    }

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new TestEvent.Mute(filters));
        return new Muted(system, filters);
    }

    private static Func<object?> Result(Action action) => () =>
    {
        action();
        return null;
    };

    private T Intercept<T>(int expectedCount, TimeSpan leeway, Func<T> func, CancellationToken cancellationToken)
    {
        using var counter = new Counter(filters);
        using var _ = Mute();
        var result = func();
        counter.Await(expectedCount, leeway, cancellationToken);
        Check(counter.Count, expectedCount);
        return result;
    }

    private void Check(int count, int expected)
    {
        if (count != expected)
        {
            testkit.Fail($"{count} log events matched, {expected} were expected");
        }
    }

    /// <summary>Counts matches and lets a test wait for them; for none it waits the whole time.</summary>
    private sealed class Counter : IDisposable
    {
        private readonly IReadOnlyList<EventFilter> _filters;
        private readonly SemaphoreSlim _matches = new(0);
        private int _count;

        public Counter(IReadOnlyList<EventFilter> filters)
        {
            _filters = filters;
            foreach (var filter in filters)
            {
                filter.Matched += OnMatched;
            }
        }

        public int Count => Volatile.Read(ref _count);

        public void Await(int expected, TimeSpan leeway, CancellationToken cancellationToken)
        {
            var end = TestKitBase.Now + leeway;
            for (int i = 0; i < Math.Max(1, expected) && _matches.Wait(Left(end), cancellationToken); i++)
            {
            }
        }

        public async Task AwaitAsync(int expected, TimeSpan leeway, CancellationToken cancellationToken)
        {
            var end = TestKitBase.Now + leeway;
            for (int i = 0; i < Math.Max(1, expected) && await _matches.WaitAsync(Left(end), cancellationToken).ConfigureAwait(false); i++)
            {
            }
        }

        public void Dispose()
        {
            foreach (var filter in _filters)
            {
                filter.Matched -= OnMatched;
            }
        }

        private static TimeSpan Left(TimeSpan end) => end > TestKitBase.Now ? end - TestKitBase.Now : TimeSpan.Zero;

        private void OnMatched()
        {
            Interlocked.Increment(ref _count);
            _matches.Release();
        }
    }

    private sealed class Muted(ActorSystem system, IReadOnlyList<EventFilter> filters) : IUnmutableFilter
    {
        public void Unmute() => system.EventStream.Publish(new TestEvent.Unmute(filters));
        public void Dispose() => Unmute();
    }
}
