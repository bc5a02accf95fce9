using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>Runs the mailboxes of a dispatcher; the seam for threads of one's own.</summary>
public abstract class ExecutorService(string id)
{
    public string Id { get; } = id;

    public abstract void Execute(IRunnable run);
    public abstract void Shutdown();
}

public abstract class ExecutorServiceFactory
{
    public abstract ExecutorService Produce(string id);
}

/// <summary>Named by a dispatcher's <c>executor</c> key; gets that dispatcher's configuration.</summary>
public abstract class ExecutorServiceConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceFactory
{
    public Config Config { get; } = config;
    public IDispatcherPrerequisites Prerequisites { get; } = prerequisites;
}

public interface IDispatcherPrerequisites
{
    EventStream EventStream { get; }
    IScheduler Scheduler { get; }
    Settings Settings { get; }
}

public sealed class DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings) : IDispatcherPrerequisites
{
    public EventStream EventStream { get; } = eventStream;
    public IScheduler Scheduler { get; } = scheduler;
    public Settings Settings { get; } = settings;
}

internal sealed class ThreadPoolExecutorServiceFactory(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new ThreadPoolExecutorService(id);
}

internal sealed class ThreadPoolExecutorService(string id) : ExecutorService(id)
{
    public override void Execute(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    public override void Shutdown() { } // the pool is the process's
}

internal sealed class SingleThreadExecutorServiceFactory(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new SingleThreadExecutorService(id);
}

/// <summary>One thread, for a pinned actor.</summary>
internal sealed class SingleThreadExecutorService : ExecutorService
{
    private readonly BlockingCollection<IRunnable> _work = [];

    public SingleThreadExecutorService(string id) : base(id) =>
        new Thread(Loop) { IsBackground = true, Name = id }.Start();

    public override void Execute(IRunnable run) => _work.Add(run);
    public override void Shutdown() => _work.CompleteAdding();

    private void Loop()
    {
        foreach (var run in _work.GetConsumingEnumerable())
        {
            run.Run();
        }
        _work.Dispose();
    }
}
