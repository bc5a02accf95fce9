using Smc.Actors.Dispatch;

namespace Actors.Tests.Dispatch;

/// <summary>A completion queue in the small: it rings at the next completion after it was armed, from whatever thread that comes.</summary>
internal sealed class ArmedQueue(Action ring) : ICompletionSource
{
    private int _completions;
    private int _handled;
    private int _armed;

    public int Handled => Volatile.Read(ref _handled);

    public void Complete()
    {
        Interlocked.Increment(ref _completions);   // SYNC test-queue: a completion before the arming is looked at; pairs with the exchange in Arm
        if (Volatile.Read(ref _armed) != 0 && Interlocked.Exchange(ref _armed, 0) != 0) ring();
    }

    public int DoWork(int budget)
    {
        int done = Math.Min(budget, Volatile.Read(ref _completions) - _handled);
        Volatile.Write(ref _handled, _handled + done);
        return done;
    }

    public void Arm() => Interlocked.Exchange(ref _armed, 1);   // SYNC test-queue: armed before completions are looked for; pairs with Complete

    public void Fail(Exception cause)
    {
    }
}
