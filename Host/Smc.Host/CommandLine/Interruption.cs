namespace Smc.Host.CommandLine;

/// <summary>A piece of work that Ctrl+C ends while the program goes on. The terminal has one Ctrl+C, and so the program has one such piece at a time.</summary>
internal sealed class Interruption : IDisposable
{
    private static Interruption? _current;

    private readonly CancellationTokenSource _source;

    /// <param name="program">Ends the work too.</param>
    public Interruption(CancellationToken program)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(program);
        Volatile.Write(ref _current, this);   // SYNC interruption: pairs with the exchange in TryInterrupt, which sees a complete object
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Ends the piece of work, if there is one that has not been told yet.</summary>
    public static bool TryInterrupt()
    {
        if (Interlocked.Exchange(ref _current, null) is not { } current) return false;   // SYNC interruption: once each, whoever comes first
        current._source.Cancel();
        return true;
    }

    /// <summary>The work is over.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _current, null, this) == this) _source.Dispose();   // SYNC interruption: a signal that has it keeps it
    }
}
