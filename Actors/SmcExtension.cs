using Akka.Actor;

namespace Smc.Actors;

/// <summary>The runtime of an actor system that exists already, configured by the <c>smc</c> section of that system.</summary>
public sealed class SmcExtension : IExtension
{
    internal SmcExtension(ExtendedActorSystem system) => Runtime = SmcRuntime.StartIn(system);

    /// <summary>The runtime; it ends with the actor system, or when it is disposed.</summary>
    public SmcRuntime Runtime { get; }

    /// <summary>The runtime of <paramref name="system"/>, started at the first call.</summary>
    public static SmcRuntime Get(ActorSystem system) => system.WithExtension<SmcExtension, SmcExtensionProvider>().Runtime;
}

/// <summary>Makes the <see cref="SmcExtension"/> of an actor system.</summary>
public sealed class SmcExtensionProvider : ExtensionIdProvider<SmcExtension>
{
    /// <inheritdoc />
    public override SmcExtension CreateExtension(ExtendedActorSystem system) => new(system);
}
