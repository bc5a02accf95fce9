using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Smc.Actors.Dispatch;

/// <summary>Makes the executor that <c>smc.control-dispatcher</c> and <c>smc.inspection-dispatcher</c> name.</summary>
public sealed class ControlPlaneExecutorConfigurator : ExecutorServiceConfigurator
{
    private readonly ControlPlaneExecutor _executor;

    /// <param name="config">The dispatcher's section.</param>
    /// <param name="prerequisites">The actor system's.</param>
    public ControlPlaneExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _executor = new ControlPlaneExecutor(config.GetString("id"), prerequisites.EventStream);

    /// <summary>
    /// Always the same: a dispatcher shuts its executor down when its last actor has gone, and asks for one again when another comes. Two would
    /// be two threads of one control plane, and work that came to the first as it ended would be nobody's.
    /// </summary>
    public override ExecutorService Produce(string id)
    {
        _executor.Lease();
        return _executor;
    }
}

/// <summary>
/// What the thread of a <see cref="ControlPlaneExecutor"/> sleeps on: the reactor of control sockets and handshakes, or the poller of those who look in.
/// </summary>
public interface IControlWait
{
    /// <summary>Sleeps until there is something to handle, or until <see cref="Wake"/>.</summary>
    void WaitReadable();

    /// <summary>Handles what there is, without waiting.</summary>
    /// <returns>False where there was nothing.</returns>
    bool Handle();

    /// <summary>Ends a <see cref="WaitReadable"/>, from any thread.</summary>
    void Wake();

    /// <summary>Another member has thrown on the executor's thread, which has let go of this, and calls it no more.</summary>
    void Fail(Exception cause);
}

/// <summary>
/// Runs the actors of a dispatcher on one thread, whose idle wait is a reactor: a message between actors and what comes from outside ring the same
/// bell. The control plane's is that of the control sockets, with frames and CLC messages; that of those who look in is a poller of their sockets.
/// A handshake is a dozen messages of a microsecond each; on a thread pool nearly every one of them wakes another worker, which costs more than
/// the work. Nothing here blocks, so one thread is enough for thousands of handshakes a second.
/// The thread begins with the first message and ends when the dispatcher has no actor left, as that of a completion vector does; what comes as it
/// ends begins another. What throws here is logged and costs nobody else anything: a piece of work is over, a reactor is let go, which would throw again.
/// </summary>
public sealed class ControlPlaneExecutor : ExecutorService
{
    /// <summary>Looks for work before the thread sleeps: handshakes come in bursts, and their messages a few microseconds apart.</summary>
    private const int Looks = 10;

    private const int LookIterations = 16;

    /// <summary>Mailboxes run between two looks at the reactor.</summary>
    private const int Batch = 64;

    [ThreadStatic]
    private static ControlPlaneExecutor? _current;

    private readonly ConcurrentQueue<IRunnable> _work = new();
    private readonly AutoResetEvent _bell = new(initialState: false);   // never disposed: whoever rings may come later than the thread's end
    private readonly ILoggingAdapter _log;
    private IControlWait? _wait;
    private SleepAnnouncement _sleeper;
    private int _leases;

    /// <param name="id">The dispatcher; also the thread's name.</param>
    /// <param name="log">Where it says what has thrown.</param>
    internal ControlPlaneExecutor(string id, LoggingBus log)
        : base(id)
    {
        _log = Logging.GetLogger(log, id);
        _sleeper.Announce(SleepAnnouncement.Absent);
    }

    /// <summary>The executor whose thread this is, or null.</summary>
    public static ControlPlaneExecutor? Current => _current;

    /// <summary>True where no reactor has its turns here. Asked on the executor's thread, where those who attach and detach are.</summary>
    public bool HasRoom => _wait is null;

    /// <summary>Gives a reactor its turns on this thread. Called on it, as is <see cref="Detach"/>.</summary>
    /// <exception cref="InvalidOperationException">Another one has them: the thread can sleep on one thing only.</exception>
    public void Attach(IControlWait wait)
    {
        if (!HasRoom) throw new InvalidOperationException($"{_wait} has its turns on {Id}.");
        Volatile.Write(ref _wait, wait);
    }

    /// <summary>The reactor gets no more turns; another one, where that has them, keeps them.</summary>
    public void Detach(IControlWait wait)
    {
        if (_wait == wait) Volatile.Write(ref _wait, null);
    }

    /// <inheritdoc />
    public override void Execute(IRunnable run)
    {
        _work.Enqueue(run);
        switch (_sleeper.Take())
        {
            case SleepAnnouncement.Asleep:
                Ring();
                break;
            case SleepAnnouncement.Absent:
                Begin();
                break;
        }
    }

    /// <summary>A dispatcher lets go of the executor. With the last one the thread ends, once it has nothing to do.</summary>
    public override void Shutdown()
    {
        Interlocked.Decrement(ref _leases);   // SYNC control-lease: before the announcement is read; pairs with Announce before Sleep looks at it
        if (_sleeper.TryChange(SleepAnnouncement.Asleep, SleepAnnouncement.Awake)) Ring();
    }

    /// <summary>A dispatcher uses the executor, until <see cref="Shutdown"/>.</summary>
    internal void Lease() => Interlocked.Increment(ref _leases);

    private void Begin()
    {
        try
        {
            new Thread(Run) { IsBackground = true, Name = Id }.UnsafeStart();
        }
        catch
        {
            _sleeper.Announce(SleepAnnouncement.Absent);   // the next message tries again
            throw;
        }
    }

    private void Ring()
    {
        if (Volatile.Read(ref _wait) is { } wait) wait.Wake();
        else _bell.Set();
    }

    private void Run()
    {
        _current = this;
        while (true)
        {
            int done = 0;
            while (done < Batch && _work.TryDequeue(out IRunnable? run))
            {
                done++;
                RunOne(run);
            }

            bool handled = Handle();
            if (done > 0 || handled || Look()) continue;
            if (Volatile.Read(ref _leases) > 0) Sleep();
            else if (TryLeave()) return;
        }
    }

    private bool Look()
    {
        for (int i = 0; i < Looks; i++)
        {
            Thread.SpinWait(LookIterations);
            if (!_work.IsEmpty || Handle()) return true;
        }

        return false;
    }

    private void Sleep()
    {
        _sleeper.Announce(SleepAnnouncement.Asleep);
        if (_work.IsEmpty && Volatile.Read(ref _leases) > 0)
        {
            if (_wait is { } wait) WaitReadable(wait);
            else _bell.WaitOne();
        }

        _sleeper.Withdraw();
    }

    /// <summary>Says that there is no thread any more: the caller ends, and the next message begins another.</summary>
    /// <returns>False where there is work that began none.</returns>
    private bool TryLeave()
    {
        _sleeper.Announce(SleepAnnouncement.Absent);
        return _work.IsEmpty || !_sleeper.TryChange(SleepAnnouncement.Absent, SleepAnnouncement.Awake);
    }

    private void RunOne(IRunnable run)
    {
        try
        {
            run.Run();
        }
        catch (Exception cause)
        {
            _log.Error(cause, "{0} has failed on {1}.", run, Id);   // the thread has more to do than this
        }
    }

    private bool Handle()
    {
        if (_wait is not { } wait) return false;
        try
        {
            return wait.Handle();
        }
        catch (Exception cause)
        {
            LetGo(wait, cause);
            return true;
        }
    }

    private void WaitReadable(IControlWait wait)
    {
        try
        {
            wait.WaitReadable();
        }
        catch (Exception cause)
        {
            LetGo(wait, cause);
        }
    }

    private void LetGo(IControlWait wait, Exception cause)
    {
        Detach(wait);
        _log.Error(cause, "{0} has failed on {1}.", wait, Id);
        try
        {
            wait.Fail(cause);
        }
        catch (Exception another)
        {
            _log.Error(another, "{0} has failed on {1}.", wait, Id);
        }
    }
}
