using System.Text.RegularExpressions;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share: dispatchers, scheduler, event stream, settings, extensions.</summary>
public abstract partial class ActorSystem : IActorRefFactory, IDisposable
{
    public abstract string Name { get; }
    public abstract Settings Settings { get; }
    public abstract IActorRef DeadLetters { get; }
    public abstract EventStream EventStream { get; }
    public abstract ILoggingAdapter Log { get; }
    public abstract IScheduler Scheduler { get; }
    public abstract Dispatchers Dispatchers { get; }
    public abstract Mailboxes Mailboxes { get; }

    /// <summary>Done once every actor has stopped.</summary>
    public abstract Task WhenTerminated { get; }

    public static ActorSystem Create(string name) => Create(name, ConfigurationFactory.Empty);

    public static ActorSystem Create(string name, Config config)
    {
        if (!ValidName().IsMatch(name))
        {
            throw new ArgumentException(
                $"[{name}] cannot name an actor system: ASCII letters and digits can, and hyphens behind the first.", nameof(name));
        }
        var system = new ActorSystemImpl(name, config);
        try
        {
            system.Start();
            return system;
        }
        catch
        {
            system.FinalTerminate();
            throw;
        }
    }

    public abstract IActorRef ActorOf(Props props, string? name = null);
    public abstract ActorSelection ActorSelection(ActorPath actorPath);
    public abstract ActorSelection ActorSelection(string actorPath);
    public abstract void Stop(IActorRef actor);

    /// <summary>Runs <see cref="CoordinatedShutdown"/>, whose last phase stops all actors, parents after their children.</summary>
    public abstract Task Terminate();

    public abstract void RegisterOnTermination(Action code);
    public abstract object RegisterExtension(IExtensionId extension);
    public abstract T GetExtension<T>() where T : class, IExtension;
    public abstract bool HasExtension<T>() where T : class, IExtension;

    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9-]*$")]
    private static partial Regex ValidName();
}

/// <summary>What extensions see of the system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Starts an actor under /system, which stops after all of /user.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();
}
