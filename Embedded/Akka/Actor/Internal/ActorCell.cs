using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>
/// What surrounds one actor through all its incarnations: mailbox, behaviours, children, watches. Everything here but the
/// children's table runs on the thread that currently runs the mailbox.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    private readonly LocalActorRef _self;
    private readonly Stack<Receive> _behaviors = new(1);
    private ActorBase? _actor;
    private IActorRef? _sender;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
    {
        _self = self;
        SystemImpl = system;
        Props = props;
        Dispatcher = dispatcher;
        ParentRef = parent;
        Mailbox = new Mailbox(this, dispatcher, system.Mailboxes.GetMailboxType(props, dispatcher.Configurator.Config).Create(self, system));
        dispatcher.Attach(this);
    }

    /// <summary>The actor that runs on this thread, or the test actor of the test that does.</summary>
    [field: ThreadStatic]
    public static ActorCell? Current { get; set; }

    public Mailbox Mailbox { get; }
    public ActorSystemImpl SystemImpl { get; }
    public IInternalActorRef ParentRef { get; }
    public object? CurrentMessage { get; private set; }

    /// <summary>Counts deliveries, so that a stash can tell two deliveries of equal messages apart.</summary>
    public int CurrentEnvelopeId { get; private set; }

    public ActorSystem System => SystemImpl;
    public Props Props { get; }
    public MessageDispatcher Dispatcher { get; }
    public IActorRef Self => _self;
    public IActorRef Parent => ParentRef;
    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;
    public Envelope CurrentEnvelope => new(CurrentMessage!, _sender); // asked for while a message is handled

    public ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, System, Self);
    public ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, System);

    public void Become(Receive receive)
    {
        if (_behaviors.Count > 0)
        {
            _behaviors.Pop();
        }
        _behaviors.Push(receive);
    }

    public void Become(UntypedReceive receive) => Become(Typed(receive));
    public void BecomeStacked(Receive receive) => _behaviors.Push(receive);

    public void UnbecomeStacked()
    {
        if (_behaviors.Count > 1)
        {
            _behaviors.Pop();
        }
    }

    public void Invoke(SystemMessage message)
    {
        var before = CurrentPosture;
        if (MustWait(message, before))
        {
            (_postponed ??= []).Add(message);
            return;
        }
        try
        {
            message.Invoke(this);
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause);
        }
        if (_postponed is { } postponed && CurrentPosture < before)
        {
            _postponed = null; // what must wait still is postponed again
            foreach (var next in postponed.TakeWhile(_ => !Mailbox.IsClosed))
            {
                Invoke(next);
            }
        }
    }

    public void Invoke(Envelope envelope)
    {
        object message = envelope.Message;
        if (message is TimerMessage timer && !timer.TryUnwrap(out message))
        {
            return;
        }
        CurrentMessage = _actor is IActorStash ? message : envelope.Message; // a stash keeps what a timer sent, PreRestart has the timer's own
        CurrentEnvelopeId++;
        _sender = envelope.Sender;
        bool restartsTimeout = message is not INotInfluenceReceiveTimeout;
        try
        {
            if (restartsTimeout)
            {
                CancelReceiveTimeout();
            }
            if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
            }
            else
            {
                ReceiveMessage(message);
            }
            if (_asyncEnvelope is null)
            {
                CurrentMessage = null; // kept where a handler goes on asynchronously, and by a failure for PreRestart
            }
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause);
        }
        finally
        {
            CheckReceiveTimeout(restartsTimeout);
        }
    }

    /// <summary>The actor, for tests that reach into it.</summary>
    public ActorBase? Instance => _actor;

    /// <summary>Runs the behaviour on this thread, past the mailbox; failures are the caller's.</summary>
    public void ReceiveForTest(Envelope envelope)
    {
        var previous = Current;
        Current = this;
        try
        {
            CurrentMessage = envelope.Message;
            _sender = envelope.Sender;
            ReceiveMessage(envelope.Message);
        }
        finally
        {
            CurrentMessage = null;
            Current = previous;
        }
    }

    private static Receive Typed(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void ReceiveMessage(object message) => _actor!.Handle(_behaviors.Peek(), message); // a cell without an actor is suspended

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case PoisonPill:
                _self.Stop();
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    /// <summary>Constructs the actor and gives it what it asks for by its interfaces.</summary>
    private ActorBase NewActor()
    {
        _behaviors.Clear();
        var actor = Props.NewActor();
        _behaviors.TryPop(out var chosen); // a constructor may already have called Become
        _behaviors.Clear();
        _behaviors.Push(chosen ?? actor.InitialBehavior);
        if (actor is IWithTimers withTimers)
        {
            withTimers.Timers = new TimerScheduler(this);
        }
        if (actor is IActorStash withStash)
        {
            withStash.Stash = new Stash(this);
        }
        _actor = actor;
        return actor;
    }

    /// <summary>Takes leave of one incarnation: its stashed messages return to the mailbox, its timers end. Where no other follows it still has its PostStop.</summary>
    private void ReleaseActor()
    {
        if (_actor is IActorStash { Stash: { } stash })
        {
            stash.UnstashAll();
        }
        if (_actor is IWithTimers { Timers: { } timers })
        {
            timers.CancelAll();
        }
        _behaviors.Clear();
    }

    private void Publish(LogEvent logEvent) => SystemImpl.EventStream.Publish(logEvent);

    private void LogError(Exception cause, string message) => Publish(new Error(cause, Self.Path.ToString(), Props.Type, message));
}
