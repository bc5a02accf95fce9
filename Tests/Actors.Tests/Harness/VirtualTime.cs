using Akka.TestKit;
using Smc.Actors;

namespace Actors.Tests.Harness;

/// <summary>A runtime whose actors' timers stand still until the test moves them.</summary>
internal static class VirtualTime
{
    /// <summary>Among the settings of the runtime.</summary>
    public const string Hocon = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    /// <summary>So much time passes.</summary>
    public static void Advance(this SmcRuntime runtime, TimeSpan time) => ((TestScheduler)runtime.System.Scheduler).Advance(time);
}
