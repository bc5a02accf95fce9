using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.TestKit;

/// <summary>Messages of a test actor on their way to the test.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle is never asked for has nothing to dispose
internal sealed class TestQueue
#pragma warning restore CA1001
{
    private readonly ConcurrentQueue<MessageEnvelope> _messages = [];
    private readonly SemaphoreSlim _available = new(0);

    public int Count => _messages.Count;

    public void Add(MessageEnvelope envelope)
    {
        _messages.Enqueue(envelope);
        _available.Release();
    }

    public bool TryTake(TimeSpan timeout, CancellationToken cancellationToken, out MessageEnvelope envelope) =>
        Taken(_available.Wait(timeout, cancellationToken), out envelope);

    /// <summary>Takes the first message if it fits; one that does not fit stays.</summary>
    public bool TryTakeIf(Func<MessageEnvelope, bool> fits, TimeSpan timeout, CancellationToken cancellationToken, out MessageEnvelope envelope)
    {
        envelope = NullMessageEnvelope.Instance;
        if (!_available.Wait(timeout, cancellationToken))
        {
            return false;
        }
        if (_messages.TryPeek(out var first) && fits(first)) // the test is the only reader
        {
            return Taken(true, out envelope);
        }
        _available.Release();
        return false;
    }

    public async ValueTask<(bool Success, MessageEnvelope Envelope)> TryTakeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        bool success = await _available.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        return (Taken(success, out var envelope), envelope);
    }

    private bool Taken(bool available, out MessageEnvelope envelope)
    {
        envelope = available && _messages.TryDequeue(out var first) ? first : NullMessageEnvelope.Instance;
        return available;
    }
}

internal sealed record WatchRequest(IActorRef Actor);

internal sealed record UnwatchRequest(IActorRef Actor);

internal sealed record IgnoreRequest(Func<object, bool> ShouldIgnore);

internal sealed record AutoPilotRequest(AutoPilot Pilot);

/// <summary>The actor that a test reads from.</summary>
internal sealed class InternalTestActor(TestQueue queue) : ActorBase
{
    private Func<object, bool>? _shouldIgnore;
    private AutoPilot _pilot = AutoPilot.NoAutoPilot;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WatchRequest watch:
                Context.Watch(watch.Actor);
                break;
            case UnwatchRequest unwatch:
                Context.Unwatch(unwatch.Actor);
                break;
            case IgnoreRequest ignore:
                _shouldIgnore = ignore.ShouldIgnore;
                break;
            case AutoPilotRequest request:
                _pilot = request.Pilot;
                break;
            default:
                _pilot = _pilot.Run(Sender, message) is var next and not KeepRunning ? next : _pilot;
                if (_shouldIgnore is null || !_shouldIgnore(message))
                {
                    queue.Add(new RealMessageEnvelope(message, Sender));
                }
                break;
        }
        return true;
    }
}

/// <summary>Keeps the test actor the implicit sender across the awaits of an asynchronous test.</summary>
internal sealed class ImplicitSenderContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(_ => Run(d, state), null);
    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);
    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback callback, object? state)
    {
        var previousCell = ActorCell.Current;
        var previousContext = Current;
        ActorCell.Current = cell;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(previousContext);
            ActorCell.Current = previousCell;
        }
    }
}
