using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The akka section, read once; the defaults are in the embedded akka.conf.</summary>
public class Settings
{
    private readonly Config _userConfig;
    private Config _fallback;

    internal Settings(Config config)
    {
        _userConfig = config;
        _fallback = ConfigurationFactory.Default();
        Config = _userConfig.SafeWithFallback(_fallback);

        LogLevel = Config.GetString("akka.loglevel");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout");
        LogFormatter = TypeName.Create<ILogMessageFormatter>(Config.GetString("akka.logger-formatter"));
        LogDeadLetters = Config.GetString("akka.log-dead-letters") switch
        {
            "on" or "true" or "yes" => int.MaxValue,
            "off" or "false" or "no" => 0,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        SchedulerClass = Config.GetString("akka.scheduler.implementation");
    }

    public Config Config { get; private set; }
    public string LogLevel { get; }
    public string StdoutLogLevel { get; }
    public IList<string> Loggers { get; }
    public TimeSpan LoggerStartTimeout { get; }
    public ILogMessageFormatter LogFormatter { get; }
    public int LogDeadLetters { get; }
    public bool LogDeadLettersDuringShutdown { get; }
    public string SupervisorStrategyClass { get; }
    public TimeSpan AskTimeout { get; }
    public bool DebugUnhandledMessage { get; }
    public string SchedulerClass { get; }

    /// <summary>Adds an extension's defaults: below the user's configuration, above all that was there before.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.SafeWithFallback(_fallback);
        Config = _userConfig.SafeWithFallback(_fallback);
    }
}

/// <summary>Types that HOCON names.</summary>
internal static class TypeName
{
    public static Type Resolve(string name) =>
        Type.GetType(name) ?? typeof(TypeName).Assembly.GetType(name) ?? throw new ConfigurationException($"Type [{name}] was not found.");

    public static T Create<T>(string name, params object[] args)
    {
        var type = Resolve(name);
        try
        {
            return (T)Activator.CreateInstance(type, args)!; // only Nullable<T> gives null
        }
        catch (Exception e) when (e is MissingMethodException or InvalidCastException)
        {
            throw new ConfigurationException($"[{name}] is no {typeof(T).Name} that takes ({string.Join(", ", args.Select(a => a.GetType().Name))})", e);
        }
    }
}
