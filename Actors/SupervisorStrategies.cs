using Akka.Actor;

namespace Smc.Actors;

/// <summary>What a parent decides when a child fails.</summary>
internal static class SupervisorStrategies
{
    /// <summary>A failed child ends, its siblings go on: a link group survives a connection's crash.</summary>
    public static readonly SupervisorStrategy StopOnly = new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>A failed child starts again, at most ten times a minute: a device, or a link group, which then only answers and ends.</summary>
    public static readonly SupervisorStrategy RestartOnly = new OneForOneStrategy(10, TimeSpan.FromMinutes(1), _ => Directive.Restart);
}
