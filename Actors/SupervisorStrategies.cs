using Akka.Actor;

namespace Smc.Actors;

/// <summary>What a parent decides when a child fails. Its siblings go on.</summary>
internal static class SupervisorStrategies
{
    /// <summary>A failed child starts again in its place and keeps its mailbox, as often as it fails: a failure costs the message that it met,
    /// so it cannot repeat itself. One that cannot begin would, and ends.</summary>
    public static readonly SupervisorStrategy RestartOnly =
        new OneForOneStrategy(failure => failure is ActorInitializationException ? Directive.Stop : Directive.Restart);
}

/// <summary>
/// The children of one actor that failed before they had begun, in their constructor or at their start. No hook of theirs runs any more, so what
/// they were given is ended by their parent, when it hears that they are gone. One that fails as it starts again ends too, but had begun.
/// </summary>
internal sealed class UnbegunChildren
{
    private readonly HashSet<IActorRef> _children = [];

    /// <param name="begun">What becomes of a child that fails later. One that fails before it has begun ends.</param>
    public UnbegunChildren(Directive begun) => Strategy = new OneForOneStrategy(failure =>
    {
        if (failure is not ActorInitializationException unbegun) return begun;
        if (failure is not PostRestartException) _children.Add(unbegun.Actor);
        return Directive.Stop;
    });

    /// <summary>The parent's strategy.</summary>
    public SupervisorStrategy Strategy { get; }

    /// <summary>A child is gone.</summary>
    /// <returns>True where it had not begun.</returns>
    public bool Remove(IActorRef child) => _children.Remove(child);
}
