namespace Actors.Tests.Harness;

/// <summary>Tests that count what the process has: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
