using System.CommandLine;
using System.Globalization;
using Serilog;
using Serilog.Events;

namespace Smc.Host.CommandLine;

/// <summary>The <c>--verbosity</c> option: how much is logged, always on standard error.</summary>
internal static class Verbosity
{
    public static readonly Option<LogEventLevel> Option = new("--verbosity")
    {
        Description = "Least severe event that is logged, on standard error.",
        DefaultValueFactory = _ => LogEventLevel.Warning,
        Recursive = true,
    };

    /// <summary>The runtime's log goes the same way: the configuration that says so.</summary>
    public static string Hocon { get; private set; } = "";

    public static void Apply(LogEventLevel level)
    {
        Log.Logger = new LoggerConfiguration().MinimumLevel.Is(level)
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: CultureInfo.InvariantCulture)
            .CreateLogger();
        Hocon = $$"""
            akka.loglevel = {{AkkaLevel(level)}}
            akka.stdout-loglevel = OFF
            akka.loggers = ["Akka.Logger.Serilog.SerilogLogger, Akka.Logger.Serilog"]

            """;
    }

    private static string AkkaLevel(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        _ => "ERROR",
    };
}
