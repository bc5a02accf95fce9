using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace Smc.Actors.Dispatch;

/// <summary>Makes the executor that <c>smc.control-dispatcher</c> names.</summary>
public sealed class ControlPlaneExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc />
    public override ExecutorService Produce(string id) => new ControlPlaneExecutor(id);
}

/// <summary>
/// Runs the actors of the control plane on one thread. A handshake is a dozen messages of a microsecond each: on a thread pool nearly every one
/// of them wakes another worker, which costs more than the work. Nothing here blocks, so one thread is enough for thousands of handshakes a
/// second.
/// </summary>
public sealed class ControlPlaneExecutor : ExecutorService
{
    /// <summary>Looks for work before the thread sleeps; handshakes come in bursts, and their messages a few microseconds apart.</summary>
    private const int Looks = 20;

    private const int LookIterations = 8;

    private readonly ConcurrentQueue<IRunnable> _work = new();
    private readonly AutoResetEvent _bell = new(initialState: false);
    private readonly Thread _thread;
    private int _sleeping;
    private int _stopping;

    /// <param name="id">The dispatcher; also the thread's name.</param>
    public ControlPlaneExecutor(string id)
        : base(id)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = id };
        _thread.UnsafeStart();
    }

    /// <inheritdoc />
    public override void Execute(IRunnable run)
    {
        _work.Enqueue(run);
        Interlocked.MemoryBarrier();   // SYNC control-bell: work before _sleeping is read; pairs with the exchange in Sleep
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0) _bell.Set();
    }

    /// <inheritdoc />
    public override void Shutdown()
    {
        Volatile.Write(ref _stopping, 1);
        _bell.Set();
    }

    private void Run()
    {
        while (true)
        {
            while (_work.TryDequeue(out IRunnable? run)) run.Run();
            if (Volatile.Read(ref _stopping) != 0 && _work.IsEmpty) break;
            if (!Look()) Sleep();
        }

        _bell.Dispose();
    }

    private bool Look()
    {
        for (int i = 0; i < Looks; i++)
        {
            Thread.SpinWait(LookIterations);
            if (!_work.IsEmpty) return true;
        }

        return false;
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _sleeping, 1);   // SYNC control-bell: announcement before work is looked for; pairs with Execute
        if (_work.IsEmpty && Volatile.Read(ref _stopping) == 0) _bell.WaitOne();
        Volatile.Write(ref _sleeping, 0);
    }
}
