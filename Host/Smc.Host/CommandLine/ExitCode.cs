namespace Smc.Host.CommandLine;

/// <summary>What the program returns to its caller.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>The work was tried and failed; from <c>check</c>: the endpoint would be TCP.</summary>
    Failed = 1,

    /// <summary>Nothing answers at the endpoint.</summary>
    Unreachable = 2,

    /// <summary>The arguments say something that cannot be done (sysexits.h, EX_USAGE).</summary>
    Usage = 64,

    /// <summary>Ended by Ctrl+C, as a shell reports it.</summary>
    Cancelled = 130,
}
