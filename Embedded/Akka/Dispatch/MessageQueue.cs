using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// Unbounded queue of many producers and one consumer: a linked list whose head producers exchange. A producer stalled
/// between exchange and link makes the consumer spin, so it never waits for anything in between.
/// </summary>
internal sealed class MessageQueue
{
    private Node _head;
    private Node _tail;
    private Stack<Envelope>? _front; // unstashed messages; the consumer's alone

    public MessageQueue() => _head = _tail = new Node();

    /// <summary>True unless a message is queued, or about to be linked.</summary>
    public bool IsEmpty => _front is not { Count: > 0 } && ReferenceEquals(Volatile.Read(ref _head), _tail);

    public void Enqueue(object message, IActorRef? sender)
    {
        var node = new Node { Item = new Envelope(message, sender) };
        // SYNC mailbox-publish: a full fence, so that Mailbox.Schedule reads the status after the message is visible to IsEmpty.
        var previous = Interlocked.Exchange(ref _head, node);
        Volatile.Write(ref previous.Next, node);
    }

    /// <summary>Puts a message before all others. Consumer only.</summary>
    public void Prepend(Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    public bool TryDequeue(out Envelope envelope)
    {
        if (_front is not null && _front.TryPop(out envelope))
        {
            return true;
        }
        var tail = _tail;
        var next = Volatile.Read(ref tail.Next);
        if (next is null && !TryAwaitLink(tail, out next))
        {
            envelope = default;
            return false;
        }
        _tail = next;
        tail.Next = null; // old nodes must not keep young ones alive
        envelope = next.Item;
        next.Item = default;
        return true;
    }

    private bool TryAwaitLink(Node tail, [NotNullWhen(true)] out Node? next)
    {
        next = null;
        if (ReferenceEquals(Volatile.Read(ref _head), tail))
        {
            return false;
        }
        var spin = new SpinWait();
        while ((next = Volatile.Read(ref tail.Next)) is null)
        {
            spin.SpinOnce();
        }
        return true;
    }

    private sealed class Node
    {
        public Envelope Item;
        public Node? Next;
    }
}
