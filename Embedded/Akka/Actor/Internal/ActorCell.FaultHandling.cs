using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Internal;

internal sealed partial class ActorCell
{
    /// <summary>What goes on once the children that were stopped are gone.</summary>
    private enum ChildrenEnd
    {
        None,
        Creation,
        Recreation,
        Termination,
    }

    /// <summary>What the cell can do, the most first.</summary>
    private enum Posture
    {
        Open,
        Suspended,
        AwaitingChildren,
    }

    private ChildrenEnd _waitingFor;
    private Exception? _recreationCause;
    private IActorRef? _perpetrator; // whose failure it is that this incarnation waits for its supervisor's directive on: its own, or a child's
    private List<SystemMessage>? _postponed;

    private Posture CurrentPosture =>
        _waitingFor is ChildrenEnd.Creation or ChildrenEnd.Recreation ? Posture.AwaitingChildren
        : Mailbox.IsSuspended ? Posture.Suspended
        : Posture.Open;

    public void Create()
    {
        try
        {
            NewActor().AroundPreStart();
            CheckReceiveTimeout();
        }
        catch (Exception cause)
        {
            ReleaseActor();
            _actor = null; // there was none before it
            throw cause as ActorInitializationException ?? new ActorInitializationException(Self, "The actor could not be created", cause);
        }
    }

    public void FaultSuspend()
    {
        Mailbox.Suspend();
        SuspendChildren([]);
    }

    public void FaultResume(Exception? cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        var perpetrator = _perpetrator;
        Mailbox.Resume();
        if (cause is not null)
        {
            _perpetrator = null;
        }
        foreach (var child in Children)
        {
            child.SendSystemMessage(new Resume(child.Equals(perpetrator) ? cause : null)); // another's failure is not decided on yet
        }
    }

    public void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        if (_waitingFor != ChildrenEnd.None)
        {
            FaultResume(null); // it is stopping anyway
            return;
        }
        object? message = CurrentMessage;
        try
        {
            _actor.AroundPreRestart(cause, message!); // null unless a message was being handled
        }
        catch (Exception e)
        {
            LogError(new PreRestartException(Self, e, cause, message), e.Message);
        }
        finally
        {
            ReleaseActor();
            EndAsyncHandler();
            CurrentMessage = null;
        }
        _recreationCause = cause;
        AfterDyingChildren(ChildrenEnd.Recreation);
    }

    public void Terminate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        if (_waitingFor == ChildrenEnd.Termination)
        {
            return;
        }
        _children?.Close();
        StopChildren();
        if (_children is { HasDying: true })
        {
            Mailbox.Suspend(); // no more messages while the children finish
            _perpetrator = _self; // and no failure that the supervisor would hear of
        }
        AfterDyingChildren(ChildrenEnd.Termination);
    }

    /// <summary>A child failed: its supervisor's strategy decides; what it does not decide becomes our own failure.</summary>
    public void HandleFailed(Failed failed)
    {
        CurrentMessage = failed; // what PreRestart has, should it be escalated
        _sender = failed.Child;
        if (_children is null || !_children.TryFind(failed.Child, out var stats))
        {
            return;
        }
        var strategy = _actor?.Strategy ?? Props.SupervisorStrategy ?? SupervisorStrategy.DefaultStrategy;
        try
        {
            if (strategy.HandleFailure(this, stats, failed.Cause, _children.Stats()))
            {
                return;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, failed.Child, [failed.Child]); // the decider itself failed
            return;
        }
        HandleInvokeFailure(failed.Cause, failed.Child, [failed.Child]);
    }

    /// <summary>While the cell is suspended no child's failure is decided on; while it waits for its children to begin anew, no directive is followed.</summary>
    private static bool MustWait(SystemMessage message, Posture posture) => posture switch
    {
        Posture.Suspended => message is Failed,
        Posture.AwaitingChildren => message is Suspend or Resume or Recreate,
        _ => false,
    };

    /// <summary>Asks the supervisor for a directive.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="failedChild">Whose failure it was first, if not the actor's own.</param>
    /// <param name="suspended">Children that are suspended already.</param>
    private void HandleInvokeFailure(Exception cause, IActorRef? failedChild = null, IReadOnlyCollection<IActorRef>? suspended = null)
    {
        if (_perpetrator is not null || Mailbox.IsClosed)
        {
            return;
        }
        _perpetrator = failedChild ?? _self;
        Mailbox.Suspend();
        SuspendChildren(suspended ?? []);
        ParentRef.SendSystemMessage(new Failed(_self, cause));
    }

    private void FaultCreate()
    {
        StopChildren();
        AfterDyingChildren(ChildrenEnd.Creation);
    }

    private void AfterDyingChildren(ChildrenEnd next)
    {
        _waitingFor = next;
        if (_children is not { HasDying: true })
        {
            ChildTerminated();
        }
    }

    private void ChildTerminated()
    {
        if (_waitingFor == ChildrenEnd.None || _children is { HasDying: true })
        {
            return;
        }
        switch (_waitingFor)
        {
            case ChildrenEnd.Termination:
                FinishTerminate();
                break;
            case ChildrenEnd.Recreation:
                _waitingFor = ChildrenEnd.None;
                FinishRecreate(_recreationCause!); // set before waiting
                break;
            case ChildrenEnd.Creation:
                _waitingFor = ChildrenEnd.None;
                Mailbox.Resume();
                _perpetrator = null;
                Create();
                break;
        }
    }

    private void FinishRecreate(Exception cause)
    {
        Mailbox.Resume();
        _perpetrator = null;
        IActorRef[] survivors = [.. Children];
        try
        {
            NewActor().AroundPostRestart(cause);
            foreach (var survivor in survivors)
            {
                ((IInternalActorRef)survivor).SendSystemMessage(new Recreate(cause));
            }
            CheckReceiveTimeout();
        }
        catch (Exception e)
        {
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(Self, e, cause), suspended: survivors);
        }
    }

    private void FinishTerminate()
    {
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            LogError(e, e.Message);
        }
        ReleaseActor();
        _actor = null;
        Mailbox.Close();
        Dispatcher.Detach(this);
        TellWatchersWeDied();
        UnwatchAll();
        CurrentMessage = null;
        _sender = null;
        _postponed = null;
    }
}
