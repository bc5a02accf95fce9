using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Commands;
using Smc.Actors.Protocol;

namespace Smc.Actors.Inspection.Reports;

/// <summary>One event: a line, broken where it is too long, or a line of JSON.</summary>
/// <param name="happened">The event.</param>
public sealed class EventReport(RuntimeEvents.RuntimeEvent happened) : SmcReport
{
    /// <summary>As wide as the longest name of an event.</summary>
    private const int NameWidth = 11;

    private const string Gap = "  ";

    private EventLine? _line;

    /// <summary>Made once, for whoever asks first: the watcher's filter, or its window.</summary>
    internal EventLine Line => _line ??= EventLine.Of(happened);

    /// <inheritdoc />
    public override string ToText(int width)
    {
        EventLine line = Line;
        string head = happened.At.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) + Gap + line.Name.PadRight(NameWidth) + Gap;
        string whom = string.Join(' ', new[] { line.Id, line.Peer }.Where(word => word.Length > 0));
        string says = whom.Length == 0 ? line.Says : $"{whom}: {line.Says}";
        return head + TextLines.Wrap(says, width, new string(' ', head.Length))[head.Length..];
    }

    /// <inheritdoc />
    public override JsonObject ToJson()
    {
        EventLine line = Line;
        var json = new JsonObject
        {
            ["at"] = happened.At.ToString("O", CultureInfo.InvariantCulture),
            ["event"] = line.Name,
            ["id"] = line.Id.Length == 0 ? null : line.Id,
            ["peer"] = line.Peer.Length == 0 ? null : line.Peer,
        };
        foreach ((string name, JsonNode? value) in line.Json) json[name] = value?.DeepClone();
        return json;
    }

    /// <inheritdoc />
    protected override ReadOnlySequence<byte> ToJsonBytes() => ReportBytes.Of(ToJson().ToJsonString() + "\n");
}
