using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.MessageQueues;

/// <summary>The messages of one actor: many senders, one reader.</summary>
public interface IMessageQueue
{
    bool HasMessages { get; }
    int Count { get; }

    void Enqueue(IActorRef receiver, Envelope envelope);
    bool TryDequeue(out Envelope envelope);

    /// <summary>The owner has stopped: what is left goes to <paramref name="deadletters"/>. Late senders may be doing so at the same time.</summary>
    void CleanUp(IActorRef owner, IMessageQueue deadletters);
}

/// <summary>The queue of an actor unless it is configured otherwise; it allocates nothing a message once it has grown.</summary>
public class UnboundedMessageQueue : IMessageQueue
{
    private readonly ConcurrentQueue<Envelope> _queue = new();

    public bool HasMessages => !_queue.IsEmpty;
    public int Count => _queue.Count;

    // SYNC mailbox-publish: the queue takes a place by a compare-exchange, a full fence, before Mailbox.Schedule reads the status; one
    // whose place is taken and whose message is not yet there is not empty, and its reader waits for the message.
    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(envelope);

    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);
    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);
}

/// <summary>Holds so many messages; a sender that finds it full waits, and gives its message to the dead letters when it has waited too long.</summary>
public class BoundedMessageQueue : IMessageQueue
{
    private readonly ConcurrentQueue<Envelope> _queue = new();
    private readonly SemaphoreSlim _free;

    public BoundedMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(boundedCapacity);
        _free = new SemaphoreSlim(boundedCapacity, boundedCapacity);
        PushTimeOut = pushTimeOut;
    }

    public TimeSpan PushTimeOut { get; set; }
    public bool HasMessages => !_queue.IsEmpty;
    public int Count => _queue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (_free.Wait(PushTimeOut))
        {
            _queue.Enqueue(envelope);
        }
        else if (receiver is IInternalActorRef { System: { } system })
        {
            system.DeadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender, receiver), envelope.Sender);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        if (!_queue.TryDequeue(out envelope))
        {
            return false;
        }
        _free.Release();
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);
}

/// <summary>The lowest number first, those of equal numbers in the order of their arrival.</summary>
internal sealed class PriorityMessageQueue(Func<object, int> priorityGenerator) : IMessageQueue
{
    private readonly PriorityQueue<Envelope, (int Priority, long Arrival)> _queue = new();
    private long _arrivals;

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_queue)
            {
                return _queue.Count;
            }
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        int priority = priorityGenerator(envelope.Message);
        lock (_queue)
        {
            _queue.Enqueue(envelope, (priority, _arrivals++));
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_queue)
        {
            return _queue.TryDequeue(out envelope, out _);
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);
}

internal static class MessageQueueExtensions
{
    public static void MoveTo(this IMessageQueue queue, IActorRef owner, IMessageQueue deadLetters)
    {
        while (queue.TryDequeue(out var envelope))
        {
            deadLetters.Enqueue(owner, envelope);
        }
    }
}

/// <summary>Where the messages of actors that have stopped end.</summary>
internal sealed class DeadLetterQueue(IActorRef deadLetters) : IMessageQueue
{
    public bool HasMessages => false;
    public int Count => 0;

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (envelope.Message is not AllDeadLetters) // a subscriber to dead letters has died: its own would never end
        {
            var sender = envelope.Sender ?? deadLetters;
            deadLetters.Tell(new DeadLetter(envelope.Message, sender, receiver), sender);
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        envelope = default;
        return false;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) { }
}
