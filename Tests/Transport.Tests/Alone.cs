namespace Smc.Transport.Tests;

/// <summary>Tests that measure the whole process, or need both cores: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
