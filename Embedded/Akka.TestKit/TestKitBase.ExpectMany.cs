namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>These messages in any order, and no others between them.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectAllOf(RemainingOrDefault, messages, default);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAllOf(RemainingOrDefault, messages, cancellationToken);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectAllOf(Dilated(max), messages, default);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAllOf(Dilated(max), messages, cancellationToken);

    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var expected = messages.ToArray();
        return Expect<T>(null, null, Fits<T>((actual, _) => expected.Contains(actual), $"Expected any of: {string.Join(", ", expected)}"), cancellationToken);
    }

    /// <summary>Nothing may come for the default time.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectSilence(RemainingOrDefault, cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => ExpectSilence(Dilated(duration), cancellationToken);

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectSilenceAsync(RemainingOrDefault, cancellationToken);

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectSilenceAsync(Dilated(duration), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private List<T> ExpectAllOf<T>(TimeSpan limit, IReadOnlyCollection<T> expected, CancellationToken cancellationToken)
    {
        var received = ReceiveUntil(expected.Count, limit, cancellationToken);
        var missing = new List<T>(expected);
        foreach (object message in received)
        {
            bool isExpected = message is T typed && missing.Remove(typed);
            _assertions.AssertTrue(isExpected, "{0} came, expected were {1}; missing is {2}",
                message, string.Join(", ", expected), string.Join(", ", missing));
        }
        return [.. received.Cast<T>()];
    }

    private void ExpectSilence(TimeSpan duration, CancellationToken cancellationToken)
    {
        bool received = TryReceiveOne(out var envelope, duration, cancellationToken);
        Silent(received, envelope, duration);
    }

    private async ValueTask ExpectSilenceAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (received, envelope) = await TryReceiveOneAsync(duration, cancellationToken).ConfigureAwait(false);
        Silent(received, envelope, duration);
    }

    private void Silent(bool received, MessageEnvelope envelope, TimeSpan duration)
    {
        _assertions.AssertFalse(received, "{0} came, silence was expected for {1}", envelope, duration);
        _lastWasNoMessage = true;
    }
}
