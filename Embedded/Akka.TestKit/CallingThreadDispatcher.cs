using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Runs an actor on the thread that sends to it, unless another one is running it.</summary>
public class CallingThreadDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    public static new readonly string Id = "akka.test.calling-thread-dispatcher";

    [ThreadStatic]
    private static Queue<IRunnable>? _running; // what this thread has begun, and what came meanwhile

    /// <summary>Work that comes up while this thread runs another such actor follows after it, so the stack stays flat.</summary>
    protected override void ExecuteTask(IRunnable run)
    {
        if (_running is { } later)
        {
            later.Enqueue(run);
            return;
        }
        _running = new Queue<IRunnable>([run]);
        try
        {
            while (_running.TryDequeue(out var next))
            {
                next.Run();
            }
        }
        finally
        {
            _running = null;
        }
    }

    protected override void Shutdown() { }
}

public class CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : MessageDispatcherConfigurator(config, prerequisites)
{
    public override MessageDispatcher Dispatcher() => new CallingThreadDispatcher(this);
}
