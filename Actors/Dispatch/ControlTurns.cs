namespace Smc.Actors.Dispatch;

/// <summary>A reactor that has its turns on the thread of a <see cref="ControlPlaneExecutor"/>.</summary>
/// <param name="waitReadable">As <see cref="IControlWait.WaitReadable"/>.</param>
/// <param name="handle">As <see cref="IControlWait.Handle"/>.</param>
/// <param name="wake">As <see cref="IControlWait.Wake"/>.</param>
/// <param name="fail">As <see cref="IControlWait.Fail"/>: tells the actor whose reactor it is.</param>
internal sealed class ControlTurns(Action waitReadable, Func<bool> handle, Action wake, Action<Exception> fail) : IControlWait
{
    public void WaitReadable() => waitReadable();

    public bool Handle() => handle();

    public void Wake() => wake();

    public void Fail(Exception cause) => fail(cause);

    /// <summary>The reactor, as the log names what has failed.</summary>
    public override string ToString() => $"{waitReadable.Target}";
}
