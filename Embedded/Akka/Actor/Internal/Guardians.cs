using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>
/// The root of the tree. It starts /user and /system, ends /system once /user has stopped, and then the actor system. A
/// failure that reaches it ends the system too.
/// </summary>
internal sealed class RootGuardian : MinimalActorRef, IInternalActorRef
{
    private readonly ActorSystemImpl _system;

    public RootGuardian(ActorSystemImpl system, ActorPath path)
    {
        _system = system;
        Path = path;
        var strategy = TypeName.Create<SupervisorStrategyConfigurator>(system.Settings.SupervisorStrategyClass).Create();
        User = Guardian("user", strategy);
        System = Guardian("system", SupervisorStrategy.DefaultStrategy);
    }

    public override ActorPath Path { get; }
    public LocalActorRef User { get; }
    public new LocalActorRef System { get; }

    ActorSystemImpl IInternalActorRef.System => _system;
    IEnumerable<IInternalActorRef> IInternalActorRef.Children => [User, System];

    public void Start()
    {
        User.Start();
        System.Start();
    }

    private protected override IInternalActorRef? GetSingleChild(string name) => name switch
    {
        "user" => User,
        "system" => System,
        _ => null,
    };

    private protected override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                _system.Log.Error(failed.Cause, "A failure reached the root; the actor system ends");
                failed.Child.Stop();
                User.Stop();
                break;
            case DeathWatchNotification death when death.Actor.Equals(User):
                System.Stop();
                break;
            case DeathWatchNotification death when death.Actor.Equals(System):
                _system.FinishTermination();
                break;
        }
    }

    private LocalActorRef Guardian(string name, SupervisorStrategy strategy)
    {
        var props = Props.Create<GuardianActor>().WithSupervisorStrategy(strategy);
        var dispatcher = _system.Dispatchers.Lookup(Dispatchers.InternalDispatcherId);
        return new LocalActorRef(_system, props, dispatcher, this, new ChildActorPath(Path, name, 1));
    }
}

/// <summary>Parent of the top-level actors, which it stops when it is asked to; anything else that is sent to it is a dead letter.</summary>
internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is StopChild stop)
        {
            Context.Stop(stop.Child);
        }
        else
        {
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
        }
        return true;
    }
}

/// <summary>Asks a guardian to stop one of its children.</summary>
internal sealed class StopChild(IActorRef child)
{
    public IActorRef Child { get; } = child;

    public override string ToString() => $"<StopChild> {Child}";
}
