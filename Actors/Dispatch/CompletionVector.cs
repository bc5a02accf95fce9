using System.Collections.Concurrent;
using Akka.Dispatch;
using Smc.Actors.Settings;

namespace Smc.Actors.Dispatch;

/// <summary>
/// The work of a completion vector: the mailboxes of its actors and its completion queues, by turns. A turn runs so many mailboxes at most, and
/// handles so many completions of each queue at most: neither starves the other, nor one queue another. The thread, its loop and its sleep are
/// <see cref="CompletionQueueExecutor"/>'s; a test takes the turns itself.
/// </summary>
/// <param name="settings">How much a turn does.</param>
/// <param name="bell">What the thread sleeps on.</param>
/// <param name="failed">Told what has thrown what: a source, which is let go then, or a piece of work.</param>
internal sealed class CompletionVector(CompletionVectorSettings settings, Doorbell bell, Action<object, Exception> failed)
{
    private readonly ConcurrentQueue<IRunnable> _work = new();   // a mailbox is in it once at most
    private Registration[] _sources = [];   // a new array at each change: sources come and go while it is gone through

    /// <summary>Queues work, from any thread. Who does so from another than the vector's then rings.</summary>
    public void Enqueue(IRunnable run) => _work.Enqueue(run);

    /// <summary>Gives a source its share of each turn.</summary>
    public void Add(ICompletionSource source)
    {
        if (Find(source) is not null) throw new InvalidOperationException($"{source} is drained already.");
        _sources = [.. _sources, new Registration(source)];
    }

    /// <summary>Calls a source no more.</summary>
    /// <returns>False where it has been let go before.</returns>
    public bool Remove(ICompletionSource source)
    {
        if (Find(source) is not { } registration) return false;
        registration.HasEnded = true;
        _sources = Array.FindAll(_sources, other => other != registration);
        return true;
    }

    /// <summary>One turn, without waiting.</summary>
    /// <returns>How much it did: 0 where there was nothing.</returns>
    public int DoWork() => RunMailboxes() + Poll();

    /// <summary>Announces that the thread is about to sleep, arms every source, and looks once more.</summary>
    /// <returns>True where there is nothing to do: the thread may sleep on the bell. False where there is; nothing is announced then.</returns>
    public bool TryIdle()
    {
        // In this order: what completes after its source was armed rings, and only finds an announcement that was made before.
        bell.Announce();
        foreach (Registration registration in _sources) Arm(registration);
        if (Poll() == 0 && _work.IsEmpty) return true;
        bell.Withdraw();
        return false;
    }

    private int RunMailboxes()
    {
        int done = 0;
        while (done < settings.Mailboxes && _work.TryDequeue(out IRunnable? run))
        {
            done++;
            try
            {
                run.Run();
            }
            catch (Exception cause)
            {
                failed(run, cause);   // the thread has more to do than this
            }
        }

        return done;
    }

    private int Poll()
    {
        int done = 0;
        foreach (Registration registration in _sources)
        {
            if (registration.HasEnded) continue;
            try
            {
                done += registration.Source.DoWork(settings.Budget);
            }
            catch (Exception cause)
            {
                done++;   // its owner has something to do now
                End(registration, cause);
            }
        }

        return done;
    }

    private void Arm(Registration registration)
    {
        if (registration.HasEnded) return;
        try
        {
            registration.Source.Arm();
        }
        catch (Exception cause)
        {
            End(registration, cause);
        }
    }

    private void End(Registration registration, Exception cause)
    {
        Remove(registration.Source);
        failed(registration.Source, cause);
        try
        {
            registration.Source.Fail(cause);
        }
        catch (Exception another)
        {
            failed(registration.Source, another);
        }
    }

    private Registration? Find(ICompletionSource source) => Array.Find(_sources, registration => registration.Source == source);

    private sealed class Registration(ICompletionSource source)
    {
        public ICompletionSource Source => source;

        public bool HasEnded { get; set; }
    }
}
