using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Embedded.Tests.Actor;

namespace Embedded.Tests.EmbeddedOnly;

/// <summary>An executor ends when its last actor has gone: one that comes at that moment has another.</summary>
public sealed class DesertedDispatcherTests() : Akka.TestKit.Xunit2.TestKit("""
    ending { type = Dispatcher, executor = "Embedded.Tests.EmbeddedOnly.EndingConfigurator, Embedded.Tests", shutdown-timeout = 1ms }
    """)
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_actor_that_comes_as_the_executor_ends_is_served_by_another()
    {
        var come = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        EndingConfigurator.Ends = () =>
        {
            EndingConfigurator.Ends = null;
            var next = Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("ending"));
            next.Tell("before the old one has ended");
            come.SetResult(next);
        };
        var last = Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("ending"));
        await last.GracefulStop(Guard);
        var next = await come.Task.WaitAsync(Guard);
        Assert.Equal("x", await next.Ask<string>("x", Guard));
        Assert.Equal((2, 0), (EndingConfigurator.Produced, EndingConfigurator.Late));
    }
}

/// <summary>Executors that count what comes as they end or later.</summary>
public sealed class EndingConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    private static int _produced;
    private static int _late;

    public static int Produced => Volatile.Read(ref _produced);

    /// <summary>Work that came to an executor as it ended, or later.</summary>
    public static int Late => Volatile.Read(ref _late);

    /// <summary>Called as an executor ends.</summary>
    public static Action? Ends { get; set; }

    public override ExecutorService Produce(string id)
    {
        Interlocked.Increment(ref _produced);
        return new Ending(id);
    }

    private sealed class Ending(string id) : ExecutorService(id)
    {
        private int _hasEnded;

        public override void Execute(IRunnable run)
        {
            if (Volatile.Read(ref _hasEnded) != 0) Interlocked.Increment(ref _late);
            ThreadPool.UnsafeQueueUserWorkItem(_ => run.Run(), null);
        }

        public override void Shutdown()
        {
            Volatile.Write(ref _hasEnded, 1);
            Ends?.Invoke();
        }
    }
}
