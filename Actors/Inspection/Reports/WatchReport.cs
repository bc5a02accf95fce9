using System.Buffers;
using System.Text.Json.Nodes;

namespace Smc.Actors.Inspection.Reports;

/// <summary>What a watcher has not been told, because it did not take what came before; or the end of the watch.</summary>
/// <param name="count">Events that were told.</param>
/// <param name="lost">Events that were not.</param>
/// <param name="isEnd">Of the whole watch.</param>
public sealed class WatchReport(long count, long lost, bool isEnd) : SmcReport
{
    /// <inheritdoc />
    public override string ToText(int width) => isEnd
        ? $"Count: {ReportText.Counted(count, "event")}{(lost > 0 ? $"; {ReportText.Count(lost)} lost" : "")}\n"
        : TextLines.Wrap($"... {ReportText.Counted(lost, "event")} lost: this window takes them too slowly.", width, indent: string.Empty);

    /// <inheritdoc />
    public override JsonObject ToJson() => new() { ["event"] = isEnd ? "end" : "lost", ["count"] = count, ["lost"] = lost };

    /// <inheritdoc />
    protected override ReadOnlySequence<byte> ToJsonBytes() => ReportBytes.Of(ToJson().ToJsonString() + "\n");
}

/// <summary>Says nothing: what is asked has begun.</summary>
public sealed class SilentReport : SmcReport
{
    /// <inheritdoc />
    public override string ToText(int width) => string.Empty;

    /// <inheritdoc />
    public override JsonObject ToJson() => [];

    /// <inheritdoc />
    protected override ReadOnlySequence<byte> ToJsonBytes() => ReadOnlySequence<byte>.Empty;
}
