using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Smc.Actors.Dispatch;

/// <summary>Makes the executor that <c>smc.control-dispatcher</c> names.</summary>
public sealed class ControlPlaneExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc />
    public override ExecutorService Produce(string id) => new ControlPlaneExecutor(id, Prerequisites.EventStream);
}

/// <summary>What a control plane's thread sleeps on: the reactor of its control sockets and handshakes.</summary>
public interface IControlWait
{
    /// <summary>Sleeps until there is something to handle, or until <see cref="Wake"/>.</summary>
    void WaitReadable();

    /// <summary>Handles what there is, without waiting.</summary>
    /// <returns>False where there was nothing.</returns>
    bool Handle();

    /// <summary>Ends a <see cref="WaitReadable"/>, from any thread.</summary>
    void Wake();

    /// <summary>Another member has thrown on the control plane's thread, which has let go of this, and calls it no more.</summary>
    void Fail(Exception cause);
}

/// <summary>
/// Runs the actors of the control plane on one thread, whose idle wait is the reactor of the control sockets: a frame, a CLC message and a
/// message between actors ring the same bell. A handshake is a dozen messages of a microsecond each; on a thread pool nearly every one of them
/// wakes another worker, which costs more than the work. Nothing here blocks, so one thread is enough for thousands of handshakes a second.
/// What throws here is logged and costs nobody else anything: a piece of work is over, a reactor is let go, which would throw again.
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
    private readonly AutoResetEvent _bell = new(initialState: false);
    private readonly ILoggingAdapter _log;
    private IControlWait? _wait;
    private SleepAnnouncement _sleeper;
    private int _stopping;

    /// <param name="id">The dispatcher; also the thread's name.</param>
    /// <param name="log">Where it says what has thrown.</param>
    public ControlPlaneExecutor(string id, LoggingBus log)
        : base(id)
    {
        _log = Logging.GetLogger(log, id);
        new Thread(Run) { IsBackground = true, Name = id }.UnsafeStart();
    }

    /// <summary>The executor whose thread this is, or null.</summary>
    public static ControlPlaneExecutor? Current => _current;

    /// <summary>Gives a reactor its turns on this thread. Called on it, as is <see cref="Detach"/>.</summary>
    public void Attach(IControlWait wait) => Volatile.Write(ref _wait, wait);

    /// <summary>The reactor gets no more turns.</summary>
    public void Detach() => Volatile.Write(ref _wait, null);

    /// <inheritdoc />
    public override void Execute(IRunnable run)
    {
        _work.Enqueue(run);
        if (_sleeper.Take() != SleepAnnouncement.Awake) Ring();
    }

    /// <inheritdoc />
    public override void Shutdown()
    {
        Volatile.Write(ref _stopping, 1);
        Ring();
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
            if (done > 0 || handled) continue;
            if (Volatile.Read(ref _stopping) != 0) break;
            if (!Look()) Sleep();
        }

        _bell.Dispose();
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
        if (_work.IsEmpty && Volatile.Read(ref _stopping) == 0)
        {
            if (_wait is { } wait) WaitReadable(wait);
            else _bell.WaitOne();
        }

        _sleeper.Withdraw();
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
        Detach();
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
