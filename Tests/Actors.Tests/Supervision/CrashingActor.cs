using System.Reflection;
using Akka.Actor;

namespace Actors.Tests.Supervision;

/// <summary>
/// An actor of the product, hosted in a cell of its own class's name and place, that fails where a <see cref="CrashPlan"/> says: before its
/// constructor, in its start, in the place of the handler of a message, or behind its last line. All else is the product's: behaviours, timers, strategy, hooks.
/// </summary>
internal sealed class CrashingActor : ActorBase, IWithTimers
{
    private const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly CrashPlan _plan;
    private readonly Type _type;
    private readonly ActorBase _actor;

    public CrashingActor(CrashPlan plan, Type type, object[] arguments)
    {
        _plan = plan;
        _type = type;
        plan.Pass(type, CrashPlan.Constructor);
        _actor = (ActorBase)Activator.CreateInstance(type, arguments)!;

        // Akka.NET has its cells say that construction is over.
        _actor.GetType().GetInterface("Akka.Actor.Internal.IInitializableActor")?.GetMethod("Init")!.Invoke(_actor, null);
    }

    public ITimerScheduler Timers
    {
        get;
        set
        {
            field = value;
            if (_actor is IWithTimers withTimers) withTimers.Timers = value;
        }
    } = null!;

    protected override bool Receive(object message) =>
        typeof(ActorBase).GetMethod(nameof(Receive), Inherited, [typeof(object)])!.CreateDelegate<Receive>(_actor)(message);

    /// <summary>By way of the hosted actor: its timers, and nobody else's, know their messages.</summary>
    protected override bool AroundReceive(Receive receive, object message) =>
        typeof(ActorBase).GetMethod(nameof(AroundReceive), Inherited)!.CreateDelegate<Func<Receive, object, bool>>(_actor)(
            unwrapped =>
            {
                _plan.Pass(_type, unwrapped.GetType());
                bool isHandled = receive(unwrapped);
                _plan.Pass(_type, unwrapped.GetType(), Line.Last);
                return isHandled;
            },
            message);

    protected override void PreStart()
    {
        _plan.Enter(Self, _type);
        _plan.Pass(_type, CrashPlan.Start);
        _actor.AroundPreStart();
    }

    protected override void PostStop()
    {
        _plan.Leave(Self);
        _actor.AroundPostStop();
    }

    protected override void PreRestart(Exception reason, object message) => _actor.AroundPreRestart(reason, message);

    protected override void PostRestart(Exception reason) => _actor.AroundPostRestart(reason, null!);

    protected override SupervisorStrategy SupervisorStrategy() =>
        (SupervisorStrategy)typeof(ActorBase).GetMethod(nameof(SupervisorStrategy), Inherited, [])!.Invoke(_actor, null)!;
}
