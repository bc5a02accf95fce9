namespace Smc.Transport.Tests.Waiting;

/// <summary>Does something over and over, on a thread of its own, until it is disposed.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private readonly Task _running;
    private bool _ends;

    public Flood(Action action) => _running = HangGuard.OnThread(() =>
    {
        while (!Volatile.Read(ref _ends)) action();
    });

    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _ends, true);
        return new ValueTask(_running);
    }
}
