namespace Smc.Transport.Interop.Linux;

/// <summary>What mappings are counted against: each from before it is made until it is unmapped. Any thread.</summary>
public interface IMappingCount
{
    /// <summary>Counts one more.</summary>
    /// <returns>None; or which limit is reached.</returns>
    MemoryError TryAdd();

    /// <summary>One has been unmapped, or was not made after all.</summary>
    void Remove();
}
