namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>These messages in any order, and no others between them.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectAllOf(RemainingOrDefault, messages);
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectAllOf(Dilated(max), messages);

    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var expected = messages.ToArray();
        return Expect<T>(null, null, Fits<T>((actual, _) => expected.Contains(actual), $"Expected any of: {string.Join(", ", expected)}"), cancellationToken);
    }

    /// <summary>Nothing may come for the default time.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => ExpectSilence(RemainingOrDefault, cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => ExpectSilence(Dilated(duration), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        var (received, envelope) = await TryReceiveOneAsync(Dilated(duration), cancellationToken).ConfigureAwait(false);
        _assertions.AssertFalse(received, "{0} came, silence was expected for {1}", envelope, duration);
    }

    private List<T> ExpectAllOf<T>(TimeSpan limit, T[] expected)
    {
        var received = ReceiveUntil(expected.Length, limit, default);
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
        _assertions.AssertFalse(received, "{0} came, silence was expected for {1}", envelope, duration);
    }
}
