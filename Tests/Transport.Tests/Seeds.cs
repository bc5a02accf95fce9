using System.Globalization;

namespace Smc.Transport.Tests;

/// <summary>Where randomness comes from: a seed that a failure prints. SMC_TEST_SEED runs one again.</summary>
internal static class Seeds
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("SMC_TEST_SEED");

    public static int Next() => Given is null ? Random.Shared.Next() : int.Parse(Given, CultureInfo.InvariantCulture);

    /// <summary>Runs a body with a seed; the seed is in the message of whatever it throws.</summary>
    public static void Run(Action<int> body)
    {
        int seed = Next();
        try
        {
            body(seed);
        }
        catch (Exception e)
        {
            throw new SeedException(seed, e);
        }
    }

    /// <inheritdoc cref="Run" />
    public static async Task RunAsync(Func<int, Task> body)
    {
        int seed = Next();
        try
        {
            await body(seed);
        }
        catch (Exception e)
        {
            throw new SeedException(seed, e);
        }
    }

    private sealed class SeedException(int seed, Exception inner) : Exception($"seed={seed}: {inner.Message}", inner);
}
