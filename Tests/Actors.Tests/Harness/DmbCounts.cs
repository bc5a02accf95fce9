using Smc.Actors;

namespace Actors.Tests.Harness;

/// <summary>Whether what connections have used comes back.</summary>
internal static class DmbCounts
{
    /// <summary>Waits until a runtime has handed out this many DMBs.</summary>
    public static Task DmbsAsync(this SmcRuntime runtime, int expected) =>
        Eventually.EqualAsync(expected, () => runtime.Device.DmbsInUse, "DMBs in use");

    /// <summary>Waits until both runtimes have handed out this many DMBs.</summary>
    public static async Task DmbsAsync(this Pair pair, int each)
    {
        await pair.Client.DmbsAsync(each);
        await pair.Server.DmbsAsync(each);
    }
}
