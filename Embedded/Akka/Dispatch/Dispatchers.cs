using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system by their path in the configuration.</summary>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, Lazy<MessageDispatcherConfigurator>> _configurators = [];

    internal Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites)
    {
        _system = system;
        Prerequisites = prerequisites;
    }

    public IDispatcherPrerequisites Prerequisites { get; }
    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);

    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    public MessageDispatcher Lookup(string dispatcherName) =>
        _configurators.GetOrAdd(dispatcherName, id => new Lazy<MessageDispatcherConfigurator>(() => Configure(id))).Value.Dispatcher();

    internal void Shutdown()
    {
        foreach (var configurator in _configurators.Values)
        {
            if (configurator.IsValueCreated)
            {
                configurator.Value.Shutdown();
            }
        }
    }

    private MessageDispatcherConfigurator Configure(string id)
    {
        if (!_system.Settings.Config.HasPath(id))
        {
            throw new ConfigurationException($"Dispatcher [{id}] not configured.");
        }
        var config = ConfigurationFactory.ParseString($"id = \"{id}\"")
            .WithFallback(_system.Settings.Config.GetConfig(id))
            .WithFallback(_system.Settings.Config.GetConfig(DefaultDispatcherId));
        return config.GetString("type") switch
        {
            "Dispatcher" => new DispatcherConfigurator(config, Prerequisites),
            "PinnedDispatcher" => new PinnedDispatcherConfigurator(config, Prerequisites),
            var name => TypeName.Create<MessageDispatcherConfigurator>(name, config, Prerequisites),
        };
    }
}
