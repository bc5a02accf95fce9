using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message must be a <typeparamref name="T"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(duration, hint, null, cancellationToken);

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, hint, (actual, _) => _assertions.AssertEqual(message, actual), cancellationToken);

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, hint, Fits<T>((actual, _) => isMessage(actual), hint), cancellationToken);

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, hint, (actual, _) => assert(actual), cancellationToken);

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(timeout, hint, Fits(isMessageAndSender, hint), cancellationToken);

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(timeout, hint, assertMessageAndSender, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, null, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (actual, _) => _assertions.AssertEqual(message, actual), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, Fits<T>((actual, _) => isMessage(actual), hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (actual, _) => assert(actual), cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(duration, hint, (_, actual) => _assertions.AssertEqual(sender, actual), cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(timeout, hint, (actual, from) =>
        {
            _assertions.AssertEqual(sender, from);
            _assertions.AssertEqual(message, actual);
        }, cancellationToken);

    /// <summary>Terminated of <paramref name="target"/>, which must be watched.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<Terminated>(timeout, hint, (actual, _) => _assertions.AssertEqual(target, actual.ActorRef), cancellationToken);

    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<Terminated>(timeout, hint, (actual, _) => _assertions.AssertEqual(target, actual.ActorRef), cancellationToken);

    private Action<T, IActorRef> Fits<T>(Func<T, IActorRef, bool> predicate, string? hint) => (actual, sender) =>
        _assertions.AssertTrue(predicate(actual, sender), "{0} from {1} does not fit. {2}", actual!, sender, hint ?? "");

    private T Expect<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef>? check, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        bool received = TryReceiveOne(out var envelope, limit, cancellationToken);
        return Checked(received, envelope, limit, hint, check);
    }

    private async ValueTask<T> ExpectAsync<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef>? check, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var (received, envelope) = await TryReceiveOneAsync(limit, cancellationToken).ConfigureAwait(false);
        return Checked(received, envelope, limit, hint, check);
    }

    private T Checked<T>(bool received, MessageEnvelope envelope, TimeSpan limit, string? hint, Action<T, IActorRef>? check)
    {
        if (!received)
        {
            throw Unexpected("No message came within {0}, {1} was expected. {2}", limit, typeof(T), hint ?? "");
        }
        if (envelope.Message is not T message)
        {
            throw Unexpected("{0} ({1}) came, {2} was expected. {3}", envelope, envelope.Message.GetType(), typeof(T), hint ?? "");
        }
        check?.Invoke(message, envelope.Sender);
        return message;
    }
}
