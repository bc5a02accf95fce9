namespace Smc.Host.Bench.Buffers;

/// <summary>What one contender does in a cell of the group <c>buffers</c>.</summary>
internal interface IBufferWork : IDisposable
{
    /// <summary>ours-NAME, or the rival's name.</summary>
    string Name { get; }

    /// <summary>Does it once, slowly, and looks at the outcome.</summary>
    /// <exception cref="InvalidOperationException">The outcome is wrong.</exception>
    void Validate();

    /// <summary>Works for some microseconds, on one of the cell's threads.</summary>
    /// <param name="thread">Which, from 0 on.</param>
    /// <returns>Operations done. 0 where another thread has to come first, or counts them.</returns>
    long Work(int thread);
}
