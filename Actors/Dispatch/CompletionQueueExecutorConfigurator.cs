using Akka.Configuration;
using Akka.Dispatch;
using Smc.Actors.Settings;

namespace Smc.Actors.Dispatch;

/// <summary>Makes the executor that the dispatcher of a completion vector names (<see cref="CompletionDispatchers"/>).</summary>
public sealed class CompletionQueueExecutorConfigurator : ExecutorServiceConfigurator
{
    private readonly CompletionQueueExecutor _executor;

    /// <param name="config">The dispatcher's section, with the number of its vector.</param>
    /// <param name="prerequisites">The actor system's; its configuration has <c>smc.cq</c>.</param>
    public CompletionQueueExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        CompletionVectorSettings settings = CompletionVectorSettings.From(SmcSettings.SectionOf(prerequisites.Settings.Config));
        _executor = new CompletionQueueExecutor(config.GetString("id"), config.GetInt(CompletionDispatchers.VectorKey), settings, prerequisites.EventStream);
    }

    /// <summary>
    /// Always the same: a dispatcher shuts its executor down when its last actor has gone, and asks for one again when another comes. Two would
    /// be two threads of one vector.
    /// </summary>
    public override ExecutorService Produce(string id)
    {
        _executor.Lease();
        return _executor;
    }
}
