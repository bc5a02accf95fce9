using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc linkgroup-drain</c>: the group takes no more connections, and ends with its last one.</summary>
internal sealed class LinkGroupDrainCommand() : MutationCommand("linkgroup-drain", "Has a link group that this process serves take no more connections, and end with its last one.", Id)
{
    private static readonly SmcArgument Id = CommonArguments.Group with { IsMandatory = true };

    /// <inheritdoc />
    internal override void Begin(SmcArguments arguments, MutationTargets targets, IActorRef replyTo)
    {
        CommonArguments.TryGroup(arguments.Text(Id)!, out uint group);
        targets.LinkGroups.Tell(new DrainLinkGroup(group), replyTo);
    }
}

/// <summary><c>smc connection-abort</c>: breaks a connection off over its user's head.</summary>
internal sealed class ConnectionAbortCommand() : MutationCommand("connection-abort", "Breaks a connection off: its user gets ConnectionAborted, its peer ConnectionReset.", Id)
{
    private const string Reason = "An operator has aborted the connection (smc connection-abort).";

    private static readonly SmcArgument Id = new("id", "-i", "Its ID, as smc connections lists it.") { IsMandatory = true };

    /// <inheritdoc />
    internal override void Begin(SmcArguments arguments, MutationTargets targets, IActorRef replyTo)
    {
        string id = arguments.Text(Id)!;
        replyTo.Tell(targets.Connections.TryAbort(id, Reason)
            ? new Outcome(IsDone: true, $"Connection {id} is aborted: its user gets ConnectionAborted, its peer ConnectionReset.")
            : new Outcome(IsDone: false, $"There is no open connection '{id}'; smc connections lists them."));
    }
}
