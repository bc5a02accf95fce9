using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Runs the tasks that were added to the phases of akka.coordinated-shutdown, phase by phase in the order of their dependencies, the
/// tasks of one phase at the same time. The last phase ends the actor system.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly Dictionary<string, ShutdownPhase> _phases;
    private readonly IReadOnlyList<string> _order;
    private readonly ConcurrentDictionary<string, ImmutableList<(string Name, Func<Task<Done>> Run)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILoggingAdapter _log;
    private readonly bool _exitsProcess;
    private Reason? _reason;
    private bool _processExits;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _log = Logging.GetLogger(system, this);
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        _phases = ShutdownPhase.Read(config);
        _order = ShutdownPhase.Order(_phases);
        bool endsSystem = config.GetBoolean("terminate-actor-system");
        _exitsProcess = config.GetBoolean("exit-clr");
        RunsAtTerminate = config.GetBoolean("run-by-actor-system-terminate");
        if (RunsAtTerminate && !endsSystem)
        {
            throw new ConfigurationException(
                "akka.coordinated-shutdown.run-by-actor-system-terminate = on needs akka.coordinated-shutdown.terminate-actor-system = on");
        }
        if (endsSystem || _exitsProcess)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", () => EndAsync(endsSystem));
        }
        if (config.GetBoolean("run-by-clr-shutdown-hook"))
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            system.WhenTerminated.ContinueWith(_ => AppDomain.CurrentDomain.ProcessExit -= OnProcessExit, TaskScheduler.Default);
        }
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Why it runs; null until it does.</summary>
    public Reason ShutdownReason => Volatile.Read(ref _reason)!; // null as documented

    /// <summary>The time that all phases with tasks may take.</summary>
    public TimeSpan TotalTimeout => _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    internal bool RunsAtTerminate { get; }

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Apply(sys);

    /// <summary>The time that the tasks of a phase may take.</summary>
    public TimeSpan Timeout(string phase) =>
        _phases.TryGetValue(phase, out var known) ? known.Timeout : throw new ArgumentException(NoSuchPhase(phase), nameof(phase));

    /// <summary>Once its phase has begun, a task that is added to it may not be run.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_phases.ContainsKey(phase))
        {
            throw new ConfigurationException(NoSuchPhase(phase));
        }
        _tasks.AddOrUpdate(phase, _ => [(taskName, task)], (_, tasks) => tasks.Add((taskName, task)));
    }

    /// <summary>Runs the phases from <paramref name="fromPhase"/> on, or all of them; once, however often it is called.</summary>
    /// <returns>Done after the last phase; failed as soon as a phase fails that does not recover.</returns>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _ = RunAsync(_order.SkipWhile(phase => fromPhase is not null && phase != fromPhase));
        }
        return _done.Task;
    }

    private async Task RunAsync(IEnumerable<string> phases)
    {
        try
        {
            foreach (string phase in phases)
            {
                if (_tasks.TryGetValue(phase, out var tasks))
                {
                    await RunAsync(phase, tasks).ConfigureAwait(false);
                }
            }
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private async Task RunAsync(string phase, IEnumerable<(string Name, Func<Task<Done>> Run)> tasks)
    {
        var (_, timeout, recovers) = _phases[phase];
        var running = Task.WhenAll(tasks.Select(task => RunAsync(phase, task.Name, task.Run, recovers)));
        try
        {
            await running.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (recovers)
        {
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, timeout);
        }
    }

    private async Task RunAsync(string phase, string name, Func<Task<Done>> run, bool recovers)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (recovers)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase, e.Message);
        }
    }

    private async Task<Done> EndAsync(bool endsSystem)
    {
        if (endsSystem)
        {
            await ((ActorSystemImpl)System).FinalTerminate().ConfigureAwait(false);
        }
        if (_exitsProcess && !_processExits)
        {
            Environment.Exit(0);
        }
        return Done.Instance;
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        _processExits = true;
        Run(ClrExitReason.Instance).Wait(TotalTimeout); // the process goes when this returns
    }

    private static string NoSuchPhase(string name) => $"There is no phase [{name}] in akka.coordinated-shutdown.phases.";

    /// <summary>Why the phases run; derive to say more.</summary>
    public class Reason
    {
        protected Reason() { }
    }

    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason() { }
    }

    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason() { }
    }

    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason() { }
    }
}

public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}
