using Akka.Actor;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Palette;

/// <summary>A command that a snapshot answers: a pure function of what was there at one moment.</summary>
public abstract class SnapshotCommand : InspectionCommand
{
    /// <inheritdoc />
    protected SnapshotCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments)
        : base(name, description, arguments)
    {
    }

    /// <summary>Answers.</summary>
    public abstract SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot);
}

/// <summary>A command that compares what was counted at two moments: a pure function of both.</summary>
public abstract class ComparingCommand : InspectionCommand
{
    /// <inheritdoc />
    protected ComparingCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments)
        : base(name, description, arguments)
    {
    }

    /// <summary>True where it counts from the runtime's beginning, whatever its viewer has reset.</summary>
    public abstract bool IsAbsolute(SmcArguments arguments);

    /// <summary>Answers.</summary>
    /// <param name="arguments">How.</param>
    /// <param name="snapshot">The later moment.</param>
    /// <param name="since">The earlier one; null for the runtime's beginning.</param>
    public abstract SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot, CounterTotals? since);
}

/// <summary>A command that tries something out.</summary>
public abstract class ProbeCommand : InspectionCommand
{
    /// <inheritdoc />
    protected ProbeCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments)
        : base(name, description, arguments)
    {
    }

    /// <summary>Answers, within what it takes.</summary>
    public abstract Task<SmcReport> AnswerAsync(SmcArguments arguments, ISmcConnector connector);
}

/// <summary>A command that changes something.</summary>
public abstract class MutationCommand : InspectionCommand
{
    /// <inheritdoc />
    protected MutationCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments)
        : base(name, description, arguments)
    {
    }

    /// <inheritdoc />
    public override bool IsMutation => true;

    /// <summary>Has it done: whose it is, or this, tells <paramref name="replyTo"/> the outcome.</summary>
    internal abstract void Begin(SmcArguments arguments, MutationTargets targets, IActorRef replyTo);
}
