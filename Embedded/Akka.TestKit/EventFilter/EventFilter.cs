using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>Matches log events and tells who waits for them.</summary>
internal sealed class EventFilter(Predicate<LogEvent> matches)
{
    public event Action? Matched;

    public bool Apply(LogEvent logEvent)
    {
        if (!matches(logEvent))
        {
            return false;
        }
        Matched?.Invoke();
        return true;
    }
}

/// <summary>Conditions on texts.</summary>
internal static class Texts
{
    /// <summary>All that are given must hold; none means any text.</summary>
    public static Predicate<string> Message(string? message, string? start, string? contains) => text =>
        (message is null || text == message)
        && (start is null || text.StartsWith(start, StringComparison.Ordinal))
        && (contains is null || text.Contains(contains, StringComparison.Ordinal));

    /// <summary>A source is named as it is logged, or by the path without its address.</summary>
    public static Predicate<string> Source(string? source) => text =>
        source is null || text == source || (ActorPath.TryParse(text, out var path) && path.ToStringWithoutAddress() == source);
}
