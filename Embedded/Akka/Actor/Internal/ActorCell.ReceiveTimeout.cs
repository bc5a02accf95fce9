namespace Akka.Actor.Internal;

internal sealed partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private ICancelable? _pendingTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout) => _receiveTimeout = timeout;

    /// <summary>Starts the clock after a message; one that does not influence the time-out leaves a running clock alone.</summary>
    private void CheckReceiveTimeout(bool restart = true)
    {
        if (_receiveTimeout is not { } timeout || Mailbox.IsClosed)
        {
            CancelReceiveTimeout();
            return;
        }
        if (restart || _pendingTimeout is null)
        {
            CancelReceiveTimeout();
            _pendingTimeout = System.Scheduler.ScheduleTellOnceCancelable(timeout, Self, Actor.ReceiveTimeout.Instance, Self);
        }
    }

    private void CancelReceiveTimeout()
    {
        _pendingTimeout?.Cancel();
        _pendingTimeout = null;
    }
}
