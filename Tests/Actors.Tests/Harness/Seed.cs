using Xunit.Abstractions;

namespace Actors.Tests.Harness;

/// <summary>The seed of a test: a new one each run, or that of the environment to repeat a run.</summary>
internal static class Seed
{
    private const string Variable = "SMC_SEED";

    /// <summary>Takes a seed and prints it.</summary>
    public static int Take(ITestOutputHelper output)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), out int given) ? given : Environment.TickCount & 0xFF_FFFF;
        output.WriteLine($"{Variable}={seed}");
        return seed;
    }
}
