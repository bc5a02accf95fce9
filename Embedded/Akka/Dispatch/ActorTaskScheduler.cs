using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>Runs the parts of an asynchronous handler as its actor, one at a time.</summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;
    private bool _starting;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs <paramref name="asyncAction"/> as the current actor, whose mailbox waits until it is done.</summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("Cannot run a task outside of an actor");
        cell.RunTask(asyncAction);
    }

    internal Task Start(Func<Task> handler)
    {
        _starting = true;
        try
        {
            return Task.Factory.StartNew(handler, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();
        }
        finally
        {
            _starting = false;
        }
    }

    protected override void QueueTask(Task task)
    {
        if (_starting && ReferenceEquals(ActorCell.Current, _cell))
        {
            _starting = false;
            TryExecuteTask(task);
            return;
        }
        _cell.Mailbox.Post(new ActorTask(cell => cell.RunContinuation(() => TryExecuteTask(task))));
    }

    /// <summary>Only where the actor itself waits for a task that it has just started; any other thread would run it beside the actor.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Current, _cell) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
