using Akka.Configuration;

namespace Akka.Actor.Internal;

/// <summary>A phase of <see cref="CoordinatedShutdown"/>.</summary>
/// <param name="DependsOn">The phases that come before.</param>
/// <param name="Timeout">The time that its tasks may take.</param>
/// <param name="Recovers">Whether the next phase begins although a task failed or took too long.</param>
internal sealed record ShutdownPhase(IList<string> DependsOn, TimeSpan Timeout, bool Recovers)
{
    public static Dictionary<string, ShutdownPhase> Read(Config config)
    {
        var phases = config.GetConfig("phases");
        var usual = config.GetTimeSpan("default-phase-timeout", null, allowInfinite: false);
        return phases.AsEnumerable().ToDictionary(entry => entry.Key, entry => Read(phases.GetConfig(entry.Key), usual));
    }

    /// <summary>The names so that each comes after those it depends on.</summary>
    public static IReadOnlyList<string> Order(Dictionary<string, ShutdownPhase> phases)
    {
        var order = new List<string>();
        var above = new HashSet<string>();
        foreach (string name in phases.Keys)
        {
            Visit(name);
        }
        return order;

        void Visit(string name)
        {
            if (order.Contains(name))
            {
                return;
            }
            if (!above.Add(name))
            {
                throw new ArgumentException($"Cycle detected in akka.coordinated-shutdown.phases: [{name}] depends on itself.");
            }
            foreach (string before in phases.TryGetValue(name, out var phase) ? phase.DependsOn : [])
            {
                Visit(before);
            }
            above.Remove(name);
            order.Add(name);
        }
    }

    private static ShutdownPhase Read(Config phase, TimeSpan usualTimeout) => new(
        phase.GetStringList("depends-on"), phase.GetTimeSpan("timeout", usualTimeout, allowInfinite: false), phase.GetBoolean("recover", true));
}
