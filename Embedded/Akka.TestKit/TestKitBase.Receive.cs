namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message, or null after <paramref name="max"/>; a negative one waits for ever.</summary>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryReceiveOne(out var envelope, max, cancellationToken) ? envelope.Message : null!; // null as documented

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Remember(_queue.TryTake(max ?? RemainingOrDefault, cancellationToken, out envelope), envelope);

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await _queue.TryTakeAsync(max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(false);
        return (Remember(success, envelope), envelope);
    }

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveUntil(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        ReceiveUntil(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>
    /// Receives until the filter gives null, the time is up, or silence lasts for <paramref name="idle"/>. The message for which the filter
    /// gives null stays.
    /// </summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
    {
        var end = Now + RemainingOrDilated(max);
        var received = new List<T>();
        while (received.Count < msgs)
        {
            var wait = idle is { } silence && silence < Left(end) ? silence : Left(end);
            T? result = null;
            if (!_queue.TryTakeIf(first => (result = filter(first.Message)) is not null, wait, cancellationToken, out var envelope))
            {
                break;
            }
            Remember(true, envelope);
            received.Add(result!); // what fits has a result
        }
        _lastWasNoMessage = true;
        return received;
    }

    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <summary>The first message that fits; others are skipped.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        while (TryReceiveOne(out var envelope, Left(end), cancellationToken))
        {
            if (envelope.Message is T message && isMessage(message))
            {
                return message;
            }
        }
        throw Unexpected("No {0} to fish for came within {1}. {2}", typeof(T), limit, hint);
    }

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        while (await TryReceiveOneAsync(Left(end), cancellationToken).ConfigureAwait(false) is { success: true } received)
        {
            if (received.envelope.Message is T message && isMessage(message))
            {
                return message;
            }
        }
        throw Unexpected("No {0} to fish for came within {1}. {2}", typeof(T), limit, hint);
    }

    private object[] ReceiveUntil(int count, TimeSpan limit, CancellationToken cancellationToken)
    {
        var end = Now + limit;
        var messages = new object[count];
        for (int i = 0; i < count; i++)
        {
            bool received = TryReceiveOne(out var envelope, Left(end), cancellationToken);
            _assertions.AssertTrue(received, "{0} of {1} messages came within {2}", i, count, limit);
            messages[i] = envelope.Message;
        }
        return messages;
    }

    private bool Remember(bool received, MessageEnvelope envelope)
    {
        _lastWasNoMessage = false;
        _last = envelope;
        return received;
    }

    /// <summary>Fails through the test framework; the exception is for the compiler.</summary>
    private InvalidOperationException Unexpected(string format, params object[] args)
    {
        _assertions.Fail(format, args);
        return new InvalidOperationException(string.Format(null, format, args));
    }
}
