using Akka.Actor;
using Smc.Actors.Connections;

namespace Smc.Actors.Inspection;

/// <summary>Whose the things are that operators may change.</summary>
/// <param name="Pnet">The table of user EIDs.</param>
/// <param name="LinkGroups">The parent of the link groups.</param>
/// <param name="Connections">The connections.</param>
internal sealed record MutationTargets(ActorSelection Pnet, ActorSelection LinkGroups, ConnectionTable Connections)
{
    /// <summary>Those of a runtime.</summary>
    public static MutationTargets Of(ActorSystem system, IActorRef root, ConnectionTable connections) =>
        new(system.ActorSelection(root.Path / SmcSupervisor.Names.Pnet), system.ActorSelection(root.Path / SmcSupervisor.Names.LinkGroups), connections);
}
