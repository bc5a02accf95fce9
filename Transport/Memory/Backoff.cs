using System.Runtime.CompilerServices;

namespace Smc.Transport.Memory;

/// <summary>
/// Waits after an exchange that another thread has won, twice as long after each, up to four times: meanwhile the winner has the line in its own cache, and takes
/// several turns there for the one that it would otherwise get before the line goes over. A thread that meets nobody never waits.
/// </summary>
internal struct Backoff
{
    /// <summary>Iterations of <see cref="Thread.SpinWait"/>, some hundred nanoseconds.</summary>
    private const int Shortest = 16;

    private const int MostDoublings = 2;

    private int _doublings;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Wait()
    {
        Thread.SpinWait(Shortest << _doublings);
        if (_doublings < MostDoublings) _doublings++;
    }
}
