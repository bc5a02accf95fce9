using System.Net.Sockets;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// An asynchronous read or write that waits for the peer. One a direction, made with the connection and used again: waiting allocates nothing.
/// <code>
/// state      a waker comes   no reason to go on   step yields nothing   outcome known
/// Idle       -               -                    Arming                -
/// Arming     Signaled        Armed                Arming                Idle
/// Signaled   -               -                    Arming                Idle
/// Armed      Claimed         -                    -                     -
/// Claimed    -               -                    Arming                Idle, continuation runs
/// </code>
/// Wakers are the wake thread, the sweep, a local close and cancellation. Until it is Armed the operation belongs to the thread that arms it,
/// and a waker only leaves word; once it is, that thread touches nothing of it any more (the connection, and its slot, may be gone), and the
/// waker whose compare-exchange succeeds carries on.
/// </summary>
/// <param name="sleeper">The direction that it waits in.</param>
internal abstract class PendingOperation(ISleeper sleeper) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Arming = 1;
    private const int Signaled = 2;
    private const int Armed = 3;
    private const int Claimed = 4;

    private int _state;
    private int _canceled;
    private CancellationTokenRegistration _registration;

    /// <summary>The caller's token.</summary>
    protected CancellationToken Token { get; private set; }

    /// <summary>How the operation failed, or Success.</summary>
    protected SocketError Error { get; set; }

    /// <summary>What the caller's memory threw, which was there when the operation began and is gone; or null.</summary>
    protected Exception? Fault { get; private set; }

    /// <summary>True once cancellation was asked for.</summary>
    protected bool IsCanceled => Volatile.Read(ref _canceled) != 0;

    /// <summary>True while it waits for a waker.</summary>
    public bool IsArmed => Volatile.Read(ref _state) == Armed;

    /// <summary>Wakes the operation on the thread pool.</summary>
    /// <returns>True where it waited.</returns>
    public bool Signal()
    {
        if (!TryClaim()) return false;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Wakes the operation and runs it, continuation included, on this thread.</summary>
    /// <returns>As <see cref="Signal"/>.</returns>
    public bool SignalInline()
    {
        if (!TryClaim()) return false;
        ((IThreadPoolWorkItem)this).Execute();
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        sleeper.Awoke();
        if (TryGoOn(isNew: false)) Complete();
    }

    /// <summary>Begins to wait.</summary>
    /// <returns>True where the outcome is known already, on this thread, which then calls <see cref="End"/>.</returns>
    protected bool Begin(CancellationToken token)
    {
        Error = SocketError.Success;
        Fault = null;
        Token = token;
        Volatile.Write(ref _canceled, 0);
        if (token.CanBeCanceled) _registration = token.UnsafeRegister(static state => ((PendingOperation)state!).Cancel(), this);
        return TryGoOn(isNew: true);
    }

    /// <summary>Ends the wait: after this the operation may begin again.</summary>
    protected void End()
    {
        _registration.Dispose();   // waits for a callback that runs at this moment; it does not block
        _registration = default;
        Token = default;
        sleeper.Withdraw();
        Volatile.Write(ref _state, Idle);
    }

    /// <summary>Tries to finish.</summary>
    /// <returns>True where the outcome is known.</returns>
    protected abstract bool TryStep();

    /// <summary>Leaves the connection and runs the continuation.</summary>
    protected abstract void Complete();

    private bool TryClaim()
    {
        while (true)   // Progress: another turn means that the thread that arms has moved on from Arming, which it does once a wake-up.
        {
            int found = Interlocked.CompareExchange(ref _state, Claimed, Armed);
            if (found == Armed) return true;
            if (found != Arming || Interlocked.CompareExchange(ref _state, Signaled, Arming) == Arming) return false;
        }
    }

    /// <returns>True where the outcome is known.</returns>
    private bool TryGoOn(bool isNew)
    {
        try
        {
            return (!isNew && TryStep()) || Arm();
        }
        catch (Exception e)
        {
            Fault = e;   // it is the caller's to hear, not the thread pool's
            return true;
        }
    }

    private void Cancel()
    {
        Volatile.Write(ref _canceled, 1);
        Signal();
    }

    private bool Arm()
    {
        while (true)
        {
            Volatile.Write(ref _state, Arming);
            sleeper.Announce();   // SYNC sleep: the fence inside also stands between Arming and the look below; pairs with Cancel and PathLife.Set
            bool wait = !sleeper.LooksReady() && !IsCanceled;
            if (wait) sleeper.Ask();   // before it is armed: after that, whatever it rings with may be gone
            if (wait && Interlocked.CompareExchange(ref _state, Armed, Arming) == Arming) return false;
            if (TryStep()) return true;
        }
    }
}
