using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>How a parent deals with the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops what cannot start, was killed or broke a death pact; restarts everything else.</summary>
    public static readonly IDecider DefaultDecider = Actor.Decider.From(Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(),
        Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    private protected SupervisorStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled)
    {
        Retries = maxNrOfRetries;
        RangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public virtual IDecider Decider { get; }

    private protected int Retries { get; }
    private protected int RangeMilliseconds { get; }

    protected bool LoggingEnabled { get; set; }

    /// <summary>False means escalate: the failure becomes the parent's own.</summary>
    internal bool HandleFailure(ActorCell cell, ChildRestartStats failed, Exception cause, IReadOnlyList<ChildRestartStats> children)
    {
        var directive = Handle(failed.Child, cause);
        LogFailure(cell, failed.Child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                failed.Child.SendSystemMessage(new Resume(cause));
                return true;
            case Directive.Restart:
                ProcessFailure(cell, restart: true, failed, cause, children);
                return true;
            case Directive.Stop:
                ProcessFailure(cell, restart: false, failed, cause, children);
                return true;
            default:
                return false;
        }
    }

    protected virtual Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
        {
            return;
        }
        string message = (cause as ActorInitializationException)?.InnerException?.Message ?? cause.Message;
        string source = child.Path.ToString();
        context.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(source, GetType(), message)
            : new Error(cause, source, GetType(), message));
    }

    /// <summary>Restarts or stops <paramref name="failed"/>, and whoever shares its fate.</summary>
    internal abstract void ProcessFailure(
        ActorCell cell, bool restart, ChildRestartStats failed, Exception cause, IReadOnlyList<ChildRestartStats> children);

    private protected bool MayRestart(ChildRestartStats stats) => stats.RequestRestartPermission(Retries, RangeMilliseconds);

    private protected static int Milliseconds(TimeSpan? range) =>
        range is { } finite && finite != Timeout.InfiniteTimeSpan ? (int)finite.TotalMilliseconds : Timeout.Infinite;
}

/// <summary>Applies the directive to the failed child alone.</summary>
public class OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    : SupervisorStrategy(maxNrOfRetries, withinTimeMilliseconds, decider, loggingEnabled)
{
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), new LocalOnlyDecider(localOnlyDecider)) { }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, new LocalOnlyDecider(localOnlyDecider), loggingEnabled) { }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider) { }

    internal override void ProcessFailure(
        ActorCell cell, bool restart, ChildRestartStats failed, Exception cause, IReadOnlyList<ChildRestartStats> children)
    {
        if (restart && MayRestart(failed))
        {
            failed.Child.SendSystemMessage(new Recreate(cause));
        }
        else
        {
            cell.Stop(failed.Child);
        }
    }
}

/// <summary>Applies the directive to all children when one fails.</summary>
public class AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    : SupervisorStrategy(maxNrOfRetries, withinTimeMilliseconds, decider, loggingEnabled)
{
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), new LocalOnlyDecider(localOnlyDecider)) { }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, new LocalOnlyDecider(localOnlyDecider)) { }

    internal override void ProcessFailure(
        ActorCell cell, bool restart, ChildRestartStats failed, Exception cause, IReadOnlyList<ChildRestartStats> children)
    {
        if (!restart || !children.Aggregate(true, (allowed, stats) => MayRestart(stats) && allowed))
        {
            foreach (var stats in children)
            {
                cell.Stop(stats.Child);
            }
            return;
        }
        foreach (var stats in children)
        {
            if (!stats.Child.Equals(failed.Child))
            {
                stats.Child.SendSystemMessage(new Suspend());
            }
            stats.Child.SendSystemMessage(new Recreate(cause));
        }
    }
}

/// <summary>Makes the strategy of the guardian; named in HOCON.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();
}

public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
