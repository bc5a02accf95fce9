using System.Globalization;
using Akka.Event;
using Serilog.Events;
using Serilog.Parsing;

namespace Akka.Logger.Serilog;

/// <summary>Renders named templates such as <c>Link {LinkId} is down</c>, as Serilog does.</summary>
public class SerilogLogMessageFormatter : ILogMessageFormatter
{
    public static readonly SerilogLogMessageFormatter Instance = new();

    private readonly MessageTemplateParser _parser = new();

    public string Format(string format, params object[] args)
    {
        var template = _parser.Parse(format);
        var holes = template.Tokens.OfType<PropertyToken>().ToArray();
        var properties = new Dictionary<string, LogEventPropertyValue>();
        for (int i = 0; i < holes.Length; i++)
        {
            int index = holes[i].TryGetPositionalValue(out int position) ? position : i;
            if (index < args.Length)
            {
                properties[holes[i].PropertyName] = new ScalarValue(args[index]);
            }
        }
        return template.Render(properties, CultureInfo.InvariantCulture);
    }
}
