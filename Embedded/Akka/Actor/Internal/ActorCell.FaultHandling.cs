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

    private ChildrenEnd _waitingFor;
    private Exception? _recreationCause;
    private bool _isFailed; // this incarnation waits for its supervisor's directive

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
        SendToChildren(() => new Suspend());
    }

    public void FaultResume(Exception? cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }
        Mailbox.Resume();
        _isFailed &= cause is null;
        SendToChildren(() => new Resume(cause));
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
        }
        AfterDyingChildren(ChildrenEnd.Termination);
    }

    /// <summary>A child failed: its supervisor's strategy decides; what it does not decide becomes our own failure.</summary>
    public void HandleFailed(Failed failed)
    {
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
            HandleInvokeFailure(e, failed.Child); // the decider itself failed
            return;
        }
        HandleInvokeFailure(failed.Cause, failed.Child);
    }

    private void HandleInvokeFailure(Exception cause, IActorRef? failedChild = null)
    {
        if (_isFailed || Mailbox.IsClosed)
        {
            return;
        }
        _isFailed = true;
        Mailbox.Suspend();
        SendToChildren(() => new Suspend(), except: failedChild);
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
                _isFailed = false;
                Create();
                break;
        }
    }

    private void FinishRecreate(Exception cause)
    {
        Mailbox.Resume();
        _isFailed = false;
        try
        {
            var survivors = Children;
            NewActor().AroundPostRestart(cause);
            foreach (var survivor in survivors)
            {
                survivor.SendSystemMessage(new Recreate(cause));
            }
            CheckReceiveTimeout();
        }
        catch (Exception e)
        {
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(Self, e, cause));
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
    }
}
