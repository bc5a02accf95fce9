using Akka.Actor;
using Akka.Event;
using Serilog.Core;
using Serilog.Core.Enrichers;

namespace Akka.Logger.Serilog;

/// <summary>A logging adapter that adds Serilog properties to what is logged through it.</summary>
public class SerilogLoggingAdapter : LoggingAdapterBase
{
    private readonly BusLogging _bus;
    private readonly ILogEventEnricher[] _enrichers;

    public SerilogLoggingAdapter(LoggingBus bus, string logSource, Type logClass)
        : this(new BusLogging(bus, logSource, logClass, SerilogLogMessageFormatter.Instance), []) { }

    private SerilogLoggingAdapter(BusLogging bus, ILogEventEnricher[] enrichers) : base(SerilogLogMessageFormatter.Instance)
    {
        _bus = bus;
        _enrichers = enrichers;
    }

    public override bool IsDebugEnabled => _bus.IsDebugEnabled;
    public override bool IsInfoEnabled => _bus.IsInfoEnabled;
    public override bool IsWarningEnabled => _bus.IsWarningEnabled;
    public override bool IsErrorEnabled => _bus.IsErrorEnabled;

    /// <summary>An adapter whose events carry one more property.</summary>
    public ILoggingAdapter ForContext(string propertyName, object value, bool destructureObjects = false) =>
        new SerilogLoggingAdapter(_bus, [.. _enrichers, new PropertyEnricher(propertyName, value, destructureObjects)]);

    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null)
    {
        var (format, parameters) = message is LogMessage log ? (log.Format, log.Parameters()) : (message.ToString() ?? "", []);
        _bus.Log(logLevel, cause, new SerilogPayload(format, [.. parameters], _enrichers));
    }
}

internal sealed class SerilogPayload(string format, object[] args, IReadOnlyList<ILogEventEnricher> enrichers)
    : LogMessage(SerilogLogMessageFormatter.Instance, format)
{
    public IReadOnlyList<ILogEventEnricher> Enrichers { get; } = enrichers;

    public override IEnumerable<object> Parameters() => args;
    public override string Unformatted() => $"Template: [{Format}], args: [{string.Join(",", args)}]";
}

public static class SerilogLoggingAdapterExtensions
{
    /// <summary>The actor's logger; <typeparamref name="T"/> is <see cref="SerilogLoggingAdapter"/> or has its constructor.</summary>
    public static T GetLogger<T>(this IActorContext context, string? sourceContext = null) where T : class, ILoggingAdapter =>
        (T)Activator.CreateInstance(typeof(T), context.System.EventStream, sourceContext ?? context.Self.Path.ToString(), context.Props.Type)!; // T is a class

    public static ILoggingAdapter ForContext(this ILoggingAdapter adapter, string propertyName, object value, bool destructureObjects = false) =>
        adapter is SerilogLoggingAdapter serilog ? serilog.ForContext(propertyName, value, destructureObjects) : adapter;
}
