using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>Gives mailboxes their turn.</summary>
public abstract class MessageDispatcher
{
    private readonly Lock _gate = new();
    private long _inhabitants;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Id = configurator.Config.GetString("id");
        Throughput = Math.Max(1, configurator.Config.GetInt("throughput"));
        var deadline = configurator.Config.GetTimeSpan("throughput-deadline-time");
        ThroughputDeadlineTime = deadline > TimeSpan.Zero ? deadline.Ticks : null;
        ShutdownTimeout = configurator.Config.GetTimeSpan("shutdown-timeout");
    }

    public MessageDispatcherConfigurator Configurator { get; }
    public string Id { get; protected set; }

    /// <summary>Messages that one actor may handle before another gets its turn.</summary>
    public int Throughput { get; protected set; }

    /// <summary>How old, in ticks of a <see cref="TimeSpan"/>, Akka becomes before it gives others their turn after every message; null: never.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>How long the executor outlives the last actor.</summary>
    public TimeSpan ShutdownTimeout { get; protected set; }

    protected long Inhabitants => Volatile.Read(ref _inhabitants);

    /// <summary>What it throws is logged: the executor's thread goes on.</summary>
    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(() =>
    {
        try
        {
            run();
        }
        catch (Exception cause)
        {
            Report(cause, Id);
        }
    }));

    public void Schedule(IRunnable run) => ExecuteTask(run);

    internal void Attach(ActorCell cell) => Count(1);

    internal void Detach(ActorCell cell)
    {
        if (Count(-1) == 0)
        {
            Configurator.Prerequisites.Scheduler.Advanced.ScheduleOnce(ShutdownTimeout, ShutdownIfDeserted);
        }
    }

    internal void Report(Exception cause, string source) =>
        Configurator.Prerequisites.EventStream.Publish(new Error(cause, source, GetType(), cause.Message));

    internal void ShutdownIfDeserted()
    {
        Action end;
        lock (_gate)
        {
            if (_inhabitants != 0)
            {
                return;
            }
            end = LetGo();
        }
        end();
    }

    /// <summary>Whoever attaches from now on has another executor; what is returned ends this one.</summary>
    internal virtual Action LetGo() => Shutdown;

    protected abstract void ExecuteTask(IRunnable run);

    /// <summary>Ends the executor; another actor may come later all the same.</summary>
    protected abstract void Shutdown();

    /// <summary>Not while somebody looks whether the dispatcher is deserted.</summary>
    private long Count(int change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _inhabitants, _inhabitants + change);
            return _inhabitants;
        }
    }
}

/// <summary>Named by a dispatcher's <c>type</c> key.</summary>
public abstract class MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
{
    public Config Config { get; } = config;
    public IDispatcherPrerequisites Prerequisites { get; } = prerequisites;

    public abstract MessageDispatcher Dispatcher();

    /// <summary>The actor system has ended, and with it the scheduler that ends deserted executors.</summary>
    internal virtual void Shutdown() { }

    protected ExecutorServiceConfigurator ConfigureExecutor() => Config.GetString("executor") switch
    {
        null or "" or "default-executor" or "thread-pool-executor" => new ThreadPoolExecutorServiceFactory(Config, Prerequisites),
        var name => TypeName.Create<ExecutorServiceConfigurator>(name, Config, Prerequisites),
    };
}

/// <summary>Hands its mailboxes to an executor, which it makes when there is work.</summary>
internal sealed class Dispatcher(MessageDispatcherConfigurator configurator, ExecutorServiceFactory executors, Action<Dispatcher>? ended = null)
    : MessageDispatcher(configurator)
{
    private readonly Lock _lock = new();
    private volatile ExecutorService? _executor;

    protected override void ExecuteTask(IRunnable run) => (_executor ?? Produce()).Execute(run);

    internal override Action LetGo()
    {
        ExecutorService? executor;
        lock (_lock)
        {
            executor = _executor;
            _executor = null;
        }
        return () =>
        {
            executor?.Shutdown();
            ended?.Invoke(this);
        };
    }

    protected override void Shutdown() => LetGo()();

    private ExecutorService Produce()
    {
        lock (_lock)
        {
            return _executor ??= executors.Produce(Id);
        }
    }
}

/// <summary>One dispatcher for all who name it.</summary>
internal sealed class DispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly Dispatcher _instance;

    public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites) : base(config, prerequisites) =>
        _instance = new Dispatcher(this, ConfigureExecutor());

    public override MessageDispatcher Dispatcher() => _instance;
    internal override void Shutdown() => _instance.ShutdownIfDeserted();
}

/// <summary>A dispatcher with a thread for each actor.</summary>
internal sealed class PinnedDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    private readonly ConcurrentDictionary<Dispatcher, bool> _alive = [];

    public override MessageDispatcher Dispatcher()
    {
        var dispatcher = new Dispatcher(this, new SingleThreadExecutorServiceFactory(Config, Prerequisites), ended => _alive.TryRemove(ended, out _));
        _alive.TryAdd(dispatcher, true);
        return dispatcher;
    }

    internal override void Shutdown()
    {
        foreach (var dispatcher in _alive.Keys)
        {
            dispatcher.ShutdownIfDeserted();
        }
    }
}
