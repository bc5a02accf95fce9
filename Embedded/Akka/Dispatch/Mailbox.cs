using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>
/// An actor's two queues and the right to run it. The status is one word: bit 0 closed, bit 1 scheduled, above that how often
/// it is suspended. Only the thread that owns the scheduled bit runs the actor; it alone suspends, resumes and closes.
/// </summary>
internal sealed class Mailbox(ActorCell cell, MessageDispatcher dispatcher) : IRunnable
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int Suspended = 4;

    private readonly MessageQueue _messages = new();
    private SystemMessage? _systemMessages; // newest first
    private int _status;

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;
    public bool HasMessages => !_messages.IsEmpty;

    public void Post(object message, IActorRef? sender)
    {
        _messages.Enqueue(message, sender);
        Schedule();
    }

    public void Post(SystemMessage message)
    {
        var top = Volatile.Read(ref _systemMessages);
        while (true)
        {
            message.Next = top;
            var seen = Interlocked.CompareExchange(ref _systemMessages, message, top);
            if (ReferenceEquals(seen, top))
            {
                break;
            }
            top = seen; // lost to another sender, which made progress
        }
        Schedule();
    }

    /// <summary>Puts an unstashed message first. The actor's thread only.</summary>
    public void Prepend(Envelope envelope) => _messages.Prepend(envelope);

    public void Suspend() => Interlocked.Add(ref _status, Suspended);

    public void Resume()
    {
        if (_status >= Suspended)
        {
            Interlocked.Add(ref _status, -Suspended);
        }
    }

    /// <summary>Nothing is delivered from here on; what is queued, or comes later, goes to the dead letters.</summary>
    public void Close()
    {
        Interlocked.Or(ref _status, Closed);
        Bury();
    }

    void IThreadPoolWorkItem.Execute() => Run();

    public void Run()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = cell;
        try
        {
            RunSystemMessages();
            RunMessages();
        }
        finally
        {
            ActorCell.Current = previous;
            // SYNC mailbox-idle: a full fence before the queues are looked at again; pairs with the fences in Post.
            Interlocked.And(ref _status, ~Scheduled);
            if (Volatile.Read(ref _systemMessages) is not null || !_messages.IsEmpty)
            {
                Schedule();
            }
        }
    }

    private void Schedule()
    {
        int status = Volatile.Read(ref _status);
        while ((status & Scheduled) == 0)
        {
            if ((status & Closed) != 0)
            {
                Bury();
                return;
            }
            if (status >= Suspended && Volatile.Read(ref _systemMessages) is null)
            {
                return;
            }
            int seen = Interlocked.CompareExchange(ref _status, status | Scheduled, status);
            if (seen == status)
            {
                dispatcher.Schedule(this);
                return;
            }
            status = seen;
        }
    }

    private void RunMessages()
    {
        int budget = dispatcher.Throughput;
        while (Volatile.Read(ref _status) == Scheduled && _messages.TryDequeue(out var envelope))
        {
            cell.Invoke(envelope);
            if (Volatile.Read(ref _systemMessages) is not null)
            {
                RunSystemMessages();
            }
            if (--budget <= 0)
            {
                return;
            }
        }
    }

    private void RunSystemMessages()
    {
        while (TakeSystemMessages() is { } message)
        {
            for (SystemMessage? next; ; message = next)
            {
                next = message.Next;
                message.Next = null;
                if (IsClosed)
                {
                    message.Bury(cell);
                }
                else
                {
                    cell.Invoke(message);
                }
                if (next is null)
                {
                    break;
                }
            }
        }
    }

    /// <summary>Takes all of them, oldest first.</summary>
    private SystemMessage? TakeSystemMessages()
    {
        if (Volatile.Read(ref _systemMessages) is null)
        {
            return null;
        }
        SystemMessage? oldest = null;
        for (var message = Interlocked.Exchange(ref _systemMessages, null); message is not null;)
        {
            var older = message.Next;
            message.Next = oldest;
            oldest = message;
            message = older;
        }
        return oldest;
    }

    /// <summary>Empties a closed mailbox; late senders may do so at the same time, hence the lock.</summary>
    private void Bury()
    {
        lock (_messages)
        {
            for (var message = TakeSystemMessages(); message is not null; message = message.Next)
            {
                message.Bury(cell);
            }
            var deadLetters = cell.System.DeadLetters;
            while (_messages.TryDequeue(out var envelope))
            {
                if (envelope.Message is AllDeadLetters)
                {
                    continue; // a subscriber to dead letters has died: its own would never end
                }
                var sender = envelope.Sender ?? deadLetters;
                deadLetters.Tell(new DeadLetter(envelope.Message, sender, cell.Self), sender);
            }
        }
    }
}
