using System.Globalization;

namespace Akka.Event;

public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);
}

/// <summary>Renders <c>{0}</c> templates.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    public string Format(string format, params object[] args) => string.Format(CultureInfo.CurrentCulture, format, args);
}

/// <summary>A template and its arguments, rendered only when a logger asks.</summary>
public abstract class LogMessage(ILogMessageFormatter formatter, string format)
{
    protected readonly ILogMessageFormatter Formatter = formatter;

    public string Format { get; } = format;

    public abstract IEnumerable<object> Parameters();

    /// <summary>Template and arguments side by side.</summary>
    public abstract string Unformatted();

    public override string ToString()
    {
        try
        {
            return Formatter.Format(Format, [.. Parameters()]);
        }
        catch (FormatException)
        {
            return $"Template and arguments do not fit. {Unformatted()}";
        }
    }
}

internal sealed class DefaultLogMessage(ILogMessageFormatter formatter, string format, object?[] args) : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => args!; // null is an argument like any other
    public override string Unformatted() => $"Template: [{Format}], args: [{string.Join(",", args)}]";
}
