using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Makes filters that expect log events, or mute them.</summary>
public class EventFilterFactory(TestKitBase testkit, ActorSystem system)
{
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false)
    {
        var isMessage = Texts.Message(message, start, contains);
        var isSource = Texts.Source(source);
        return Applier(logEvent =>
        {
            if (logEvent is not Event.Error || !isSource(logEvent.LogSource))
            {
                return false;
            }
            for (var cause = logEvent.Cause; cause is not null; cause = checkInnerExceptions ? cause.InnerException : null)
            {
                if (exceptionType.IsInstanceOfType(cause) && (isMessage(logEvent.Message.ToString() ?? "") || isMessage(cause.Message)))
                {
                    return true;
                }
            }
            return false;
        });
    }

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Applier(predicate);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Applier(logEvent => logEvent is TLogEvent typed && predicate(typed));

    public IEventFilterApplier DeadLetter() => DeadLetter<object>();

    /// <summary>A message of that type which reached nobody; its source is the recipient's path.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null)
    {
        var isSource = Texts.Source(source);
        return Applier(logEvent => logEvent is Warning { Message: DeadLetter { Message: TMessage } } && isSource(logEvent.LogSource));
    }

    private InternalEventFilterApplier ForLogLevel(LogLevel level, string? message, string? start, string? contains, string? source)
    {
        var isMessage = Texts.Message(message, start, contains);
        var isSource = Texts.Source(source);
        return Applier(logEvent => logEvent.LogLevel() == level && isSource(logEvent.LogSource) && isMessage(logEvent.Message.ToString() ?? ""));
    }

    private InternalEventFilterApplier Applier(Predicate<LogEvent> matches) => new(testkit, system, new Internal.EventFilter(matches));
}
