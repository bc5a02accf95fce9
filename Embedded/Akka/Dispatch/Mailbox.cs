using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// An actor's two queues and the right to run it. The status is one word: bit 0 closed, bit 1 scheduled, above that how often
/// it is suspended. Only the thread that owns the scheduled bit runs the actor; it alone suspends, resumes and closes.
/// </summary>
internal sealed class Mailbox(ActorCell cell, MessageDispatcher dispatcher, IMessageQueue messages) : IRunnable
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int Suspended = 4;

    private static readonly long Begin = Stopwatch.GetTimestamp();

    private SystemMessage? _systemMessages; // newest first
    private Stack<Envelope>? _front; // unstashed messages; only who owns the scheduled bit, or buries under the lock, looks
    private int _status;

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;
    public bool IsSuspended => Volatile.Read(ref _status) >= Suspended;

    /// <summary>Not of this turn: Akka.NET counts from its own start, so that once that long has passed a turn is one message.</summary>
    private bool IsOverdue => dispatcher.ThroughputDeadlineTime is { } ticks && Stopwatch.GetElapsedTime(Begin).Ticks >= ticks;

    public void Post(object message, IActorRef? sender)
    {
        messages.Enqueue(cell.Self, new Envelope(message, sender));
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
    public void Prepend(Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

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
        catch (Exception cause) // of the queue: what an actor throws is its own failure
        {
            dispatcher.Report(cause, cell.Self.Path.ToString());
        }
        finally
        {
            ActorCell.Current = previous;
            bool hasUnstashed = _front is { Count: > 0 }; // while it is still this thread's
            // SYNC mailbox-idle: a full fence before the queues are looked at again; pairs with the fences in Post.
            Interlocked.And(ref _status, ~Scheduled);
            if (Volatile.Read(ref _systemMessages) is not null || hasUnstashed || messages.HasMessages)
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
        while (Volatile.Read(ref _status) == Scheduled && TryDequeue(out var envelope))
        {
            cell.Invoke(envelope);
            if (Volatile.Read(ref _systemMessages) is not null)
            {
                RunSystemMessages();
            }
            if (--budget <= 0 || IsOverdue)
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

    private bool TryDequeue(out Envelope envelope) => (_front is not null && _front.TryPop(out envelope)) || messages.TryDequeue(out envelope);

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
        lock (messages)
        {
            for (var message = TakeSystemMessages(); message is not null; message = message.Next)
            {
                message.Bury(cell);
            }
            var deadLetters = cell.SystemImpl.Mailboxes.DeadLetters;
            while (_front is not null && _front.TryPop(out var unstashed))
            {
                deadLetters.Enqueue(cell.Self, unstashed);
            }
            messages.CleanUp(cell.Self, deadLetters);
        }
    }
}
