using Akka.Dispatch;
using Akka.Event;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;

namespace Smc.Actors.Dispatch;

/// <summary>
/// The thread of a completion vector, <c>smc-cq-0</c> and so on: it runs the actors whose dispatcher is that vector's, and drains the completion
/// queues that they have given it. Its idle wait is one bell (<see cref="Doorbell"/>), which a message to one of the actors and a completion of
/// one of the queues ring alike: no second thread, no hand-over and no mailbox message a completion. A queue is drained in batches by a budget,
/// armed when there is nothing left, and polled once more before the thread sleeps (<see cref="CompletionVector"/>).
/// <para>
/// The thread begins with the first message and ends when the dispatcher has no actor left. It runs on one CPU: vector n on the n-th of those
/// that the process may use, again from the first where there are more vectors than CPUs. What the kernel says of that afterwards is
/// <see cref="Cpu"/>. Where it refuses, on systems other than Linux and with <c>smc.cq.pin = off</c>, the thread runs anywhere, which is logged.
/// </para>
/// </summary>
public sealed class CompletionQueueExecutor : ExecutorService
{
    private const int Nowhere = -1;
    private const int LookIterations = 16;

    [ThreadStatic]
    private static CompletionQueueExecutor? _current;

    private readonly CompletionVectorSettings _settings;
    private readonly CompletionVector _vector;
    private readonly Doorbell _bell;
    private readonly ILoggingAdapter _log;
    private readonly string _name;
    private readonly int _looks;
    private int _leases;
    private int _cpu = Nowhere;

    /// <param name="id">The dispatcher.</param>
    /// <param name="vector">Its vector, from 0.</param>
    /// <param name="settings">Of all vectors.</param>
    /// <param name="log">Where the thread says where it runs, and what has failed.</param>
    internal CompletionQueueExecutor(string id, int vector, CompletionVectorSettings settings, LoggingBus log)
        : base(id)
    {
        Vector = vector;
        _name = NameOf(vector);
        _settings = settings;
        _looks = Environment.ProcessorCount > 1 ? settings.Looks : 0;   // on one CPU, whoever would bring work cannot run meanwhile
        _log = Logging.GetLogger(log, _name);
        _bell = new Doorbell(Begin);
        _vector = new CompletionVector(settings, _bell, Failed);
    }

    /// <summary>The executor whose thread this is, or null.</summary>
    public static CompletionQueueExecutor? Current => _current;

    /// <summary>The vector's number, from 0.</summary>
    public int Vector { get; }

    /// <summary>The CPU that the thread is pinned to, as the kernel says; null where it is not, or has not run yet.</summary>
    public int? Cpu => Volatile.Read(ref _cpu) is var cpu && cpu == Nowhere ? null : cpu;

    /// <summary>How often the thread has been woken or begun.</summary>
    public long WakeUps => _bell.WakeUps;

    /// <summary>The name of a vector's thread.</summary>
    internal static string NameOf(int vector) => $"smc-cq-{vector}";

    /// <inheritdoc />
    public override void Execute(IRunnable run)
    {
        _vector.Enqueue(run);
        if (_current != this) _bell.Ring();   // the thread itself looks before it sleeps
    }

    /// <summary>A dispatcher lets go of the executor. With the last one the thread ends, once it has nothing to do.</summary>
    public override void Shutdown()
    {
        Interlocked.Decrement(ref _leases);   // SYNC vector-lease: before the announcement is read; pairs with Announce before Run looks at it
        _bell.WakeSleeper();
    }

    /// <summary>A dispatcher uses the executor, until <see cref="Shutdown"/>.</summary>
    internal void Lease() => Interlocked.Increment(ref _leases);

    /// <summary>Says that a completion has come, from any thread.</summary>
    internal void Ring() => _bell.Ring();

    /// <summary>Drains a source. Called on the vector's thread, as is <see cref="Remove"/>: by an actor of the vector.</summary>
    internal void Add(ICompletionSource source)
    {
        ThrowIfElsewhere();
        _vector.Add(source);
    }

    /// <summary>Calls a source no more.</summary>
    internal void Remove(ICompletionSource source)
    {
        ThrowIfElsewhere();
        _vector.Remove(source);
    }

    private void ThrowIfElsewhere()
    {
        if (_current != this) throw new InvalidOperationException($"{_name} takes completion queues from its own actors only.");
    }

    private void Begin() => new Thread(Run) { IsBackground = true, Name = _name }.UnsafeStart();

    private void Run()
    {
        _current = this;
        Place();
        int looks = 0;
        while (true)
        {
            if (_vector.DoWork() > 0)
            {
                looks = 0;
            }
            else if (looks < _looks)
            {
                looks++;
                Thread.SpinWait(LookIterations);
            }
            else if (_vector.TryIdle())
            {
                looks = 0;
                if (Volatile.Read(ref _leases) > 0) _bell.Wait();
                else if (_bell.TryLeave()) return;
            }
        }
    }

    private void Place()
    {
        IReadOnlyList<int> allowed = CpuAffinity.OfProcess;
        if (!_settings.Pin)
        {
            _log.Debug("{0} runs on any CPU, as smc.cq.pin says.", _name);
        }
        else if (allowed.Count == 0)
        {
            _log.Info("{0} runs on any CPU: this system does not pin threads.", _name);
        }
        else
        {
            Pin(allowed[Vector % allowed.Count]);
        }
    }

    private void Pin(int cpu)
    {
        PinResult result = CpuAffinity.Pin(cpu);
        Volatile.Write(ref _cpu, result == PinResult.Pinned ? cpu : Nowhere);
        if (result == PinResult.Pinned) _log.Debug("{0} runs on CPU {1}.", _name, cpu);
        else _log.Warning("{0} was to run on CPU {1}, and runs on any: {2}.", _name, cpu, result);
    }

    private void Failed(object what, Exception cause) => _log.Error(cause, "{0} has failed on {1}.", what, _name);
}
