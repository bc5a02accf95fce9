using Akka.Actor;

namespace Akka.Event;

public static class Logging
{
    private const LogLevel Off = (LogLevel)int.MaxValue;

    /// <summary>A logger whose source is the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(context.System.EventStream, context.Self.Path.ToString(), context.Props.Type, logMessageFormatter ?? context.System.Settings.LogFormatter);

    /// <summary>A logger whose source is an actor, a type, or the type of any other object; or a text.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = Source(logSourceObj);
        source = logSourceObj is IActorRef ? source : $"{source}({system})";
        return new BusLogging(system.EventStream, source, type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = Source(logSourceObj);
        return new BusLogging(loggingBus, source, type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("Events exist for debug, info, warning and error", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => ClassFor(logLevel).Name.ToUpperInvariant();

    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"\"{logLevel}\" is no log level: debug, info, warning, error and off are", nameof(logLevel)),
    };

    private static (string Text, Type Type) Source(object of) => of switch
    {
        IActorRef actor => (actor.Path.ToString(), typeof(ActorBase)),
        string text => (text, typeof(string)),
        Type type => (type.Name, type),
        _ => (of.GetType().Name, of.GetType()),
    };
}
