using System.Runtime.ExceptionServices;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Internal;

internal sealed partial class ActorCell
{
    private ActorTaskScheduler? _taskScheduler;
    private Envelope? _asyncEnvelope; // the message whose asynchronous handler holds the mailbox

    /// <summary>
    /// Runs an asynchronous handler: the mailbox is suspended until its task is done, and what follows an await in it runs
    /// as the actor again.
    /// </summary>
    public void RunTask(Func<Task> handler)
    {
        _taskScheduler ??= new ActorTaskScheduler(this);
        _asyncEnvelope = CurrentEnvelope;
        Mailbox.Suspend();
        var task = _taskScheduler.Start(handler);
        if (task.IsCompleted)
        {
            Complete(task);
        }
        else
        {
            var incarnation = _actor;
            task.ContinueWith(
                done => Mailbox.Post(new ActorTask(cell => cell.Complete(done, incarnation))),
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Runs a continuation with the message and sender that its handler started with.</summary>
    public void RunContinuation(Action continuation)
    {
        if (_asyncEnvelope is { } envelope)
        {
            CurrentMessage = envelope.Message;
            _sender = envelope.Sender;
        }
        continuation();
    }

    private void Complete(Task task, ActorBase? incarnation)
    {
        if (!ReferenceEquals(incarnation, _actor) || _asyncEnvelope is not { } envelope)
        {
            return; // restarted meanwhile, and that already freed the mailbox
        }
        CurrentMessage = envelope.Message;
        _sender = envelope.Sender;
        Complete(task);
        CurrentMessage = null;
        CheckReceiveTimeout();
    }

    private void Complete(Task task)
    {
        EndAsyncHandler();
        if (task.Exception is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerExceptions.Count == 1 ? failure.InnerExceptions[0] : failure);
        }
        if (task.IsCanceled)
        {
            throw new TaskCanceledException(task);
        }
    }

    private void EndAsyncHandler()
    {
        if (_asyncEnvelope is not null)
        {
            _asyncEnvelope = null;
            Mailbox.Resume();
        }
    }
}
