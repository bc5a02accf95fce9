using Akka.Actor;

namespace Akka.TestKit.Internal;

internal sealed class InternalEventFilterApplier(TestKitBase testkit, ActorSystem system, EventFilter filter) : IEventFilterApplier
{
    private TimeSpan Leeway => testkit.Dilated(testkit.TestKitSettings.TestEventFilterLeeway);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Intercept(1, Leeway, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, Leeway, Result(action), cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, testkit.Dilated(timeout), Result(action), cancellationToken);

    public async Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var counter = new Counter(filter);
        using var _ = Mute();
        await actionAsync().ConfigureAwait(false);
        await counter.AwaitAsync(Leeway, cancellationToken).ConfigureAwait(false);
        Check(counter.Count, 1);
    }

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new TestEvent.Mute(filter));
        return new Muted(system, filter);
    }

    private static Func<object?> Result(Action action) => () =>
    {
        action();
        return null;
    };

    private T Intercept<T>(int expectedCount, TimeSpan leeway, Func<T> func, CancellationToken cancellationToken)
    {
        using var counter = new Counter(filter);
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
        private readonly EventFilter _filter;
        private readonly SemaphoreSlim _matches = new(0);
        private int _count;

        public Counter(EventFilter filter)
        {
            _filter = filter;
            filter.Matched += OnMatched;
        }

        public int Count => Volatile.Read(ref _count);

        public void Await(int expected, TimeSpan leeway, CancellationToken cancellationToken)
        {
            var end = TestKitBase.Now + leeway;
            for (int i = 0; i < Math.Max(1, expected) && _matches.Wait(Left(end), cancellationToken); i++)
            {
            }
        }

        public Task AwaitAsync(TimeSpan leeway, CancellationToken cancellationToken) => _matches.WaitAsync(leeway, cancellationToken);
        public void Dispose() => _filter.Matched -= OnMatched;

        private static TimeSpan Left(TimeSpan end) => end > TestKitBase.Now ? end - TestKitBase.Now : TimeSpan.Zero;

        private void OnMatched()
        {
            Interlocked.Increment(ref _count);
            _matches.Release();
        }
    }

    private sealed class Muted(ActorSystem system, EventFilter filter) : IUnmutableFilter
    {
        public void Unmute() => system.EventStream.Publish(new TestEvent.Unmute(filter));
        public void Dispose() => Unmute();
    }
}
