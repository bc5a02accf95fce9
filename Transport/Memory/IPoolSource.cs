using System.Diagnostics.CodeAnalysis;

namespace Smc.Transport.Memory;

/// <summary>Where a <see cref="QuickPool{T}"/> gets what it has not got. Called by any thread.</summary>
public interface IPoolSource<T>
    where T : class
{
    /// <summary>Makes one.</summary>
    /// <returns>False where there is no memory, or a limit is reached: whoever asked applies back-pressure.</returns>
    bool TryAllocate([NotNullWhen(true)] out T? item);

    /// <summary>Ends one that nobody has any more.</summary>
    void Free(T item);
}
