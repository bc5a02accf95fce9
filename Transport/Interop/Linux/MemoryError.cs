namespace Smc.Transport.Interop.Linux;

/// <summary>Why shared memory could not be created or was not accepted.</summary>
public enum MemoryError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The process or the system has no descriptor left.</summary>
    DescriptorsExhausted,

    /// <summary>No memory, no address space, or a limit of the control group.</summary>
    OutOfMemory,

    /// <summary>The descriptor is not a memory file of base pages.</summary>
    NotPlainMemory,

    /// <summary>The seals against shrinking, growing and further sealing are not all set.</summary>
    NotSealed,

    /// <summary>The size is not the one that was announced.</summary>
    WrongSize,

    /// <summary>A control region whose server has given its pages back: the link group has ended.</summary>
    GivenBack,

    /// <summary>The peer's process has as many mappings here as one may have.</summary>
    TooManyMappings,

    /// <summary>All peers together have as many mappings here as they may have.</summary>
    MappingsExhausted,
}
