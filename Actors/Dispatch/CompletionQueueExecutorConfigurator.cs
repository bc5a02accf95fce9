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
    /// <exception cref="ConfigurationException">The dispatcher is not the vector's own; names the key, the value and what is allowed.</exception>
    public CompletionQueueExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        // Akka makes this of two configurations and nothing else, so the runtime cannot hand its settings over: they are read from the same text.
        CompletionVectorSettings settings = CompletionVectorSettings.From(SmcSettings.SectionOf(prerequisites.Settings.Config));
        string id = config.GetString("id");
        _executor = new CompletionQueueExecutor(id, CompletionDispatchers.VectorOf(id, config, settings), settings, prerequisites.EventStream);
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
