namespace Smc.Transport.Memory;

/// <summary>Idle buffers by index. Any number of threads at once.</summary>
public interface IDescriptorList
{
    /// <summary>Idle buffers: exact while nobody pushes or pops.</summary>
    int Count { get; }

    /// <summary>Gives a buffer back, or in for the first time.</summary>
    void Push(int index);

    /// <summary>Takes an idle buffer.</summary>
    /// <returns>False where none is idle.</returns>
    bool TryPop(out int index);
}
