using Akka.Actor;
using Akka.Event;
using Serilog.Core.Enrichers;
using Serilog.Events;
using LogEvent = Akka.Event.LogEvent;

namespace Akka.Logger.Serilog;

/// <summary>The logger actor that hands the log to <see cref="global::Serilog.Log.Logger"/>, templates and arguments unrendered.</summary>
public class SerilogLogger : ReceiveActor
{
    public SerilogLogger()
    {
        Receive<Error>(Handle);
        Receive<Warning>(Handle);
        Receive<Info>(Handle);
        Receive<Debug>(Handle);
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
    }

    private static void Handle(LogEvent logEvent)
    {
        var level = Level(logEvent.LogLevel());
        var logger = global::Serilog.Log.Logger;
        if (!logger.IsEnabled(level))
        {
            return;
        }
        logger = logger.ForContext(Properties(logEvent));
        if (logEvent.Message is LogMessage message)
        {
            logger.Write(level, logEvent.Cause, message.Format, [.. message.Parameters()]);
        }
        else
        {
            logger.Write(level, logEvent.Cause, "{Message:l}", logEvent.Message);
        }
    }

    private static PropertyEnricher[] Properties(LogEvent logEvent) =>
    [
        new("SourceContext", logEvent.LogClass?.FullName),
        new("LogSource", logEvent.LogSource),
        new("ActorPath", logEvent.LogSource),
        new("Timestamp", logEvent.Timestamp),
        new("Thread", logEvent.Thread.ManagedThreadId),
    ];

    private static LogEventLevel Level(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => LogEventLevel.Debug,
        LogLevel.InfoLevel => LogEventLevel.Information,
        LogLevel.WarningLevel => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };
}
