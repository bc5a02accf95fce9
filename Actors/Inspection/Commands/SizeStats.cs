using System.Globalization;
using System.Text;
using System.Text.Json;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary>The histograms of one mode, as <c>smcd -d stats</c> has them: receiving, own DMBs and what reads returned; sending, the peers' DMBs
/// and what writes were asked to write. The tool's eight columns, whose last is the sum of two buckets; JSON has all nine.</summary>
/// <param name="Counters">Since the start, a reset or a sample's beginning.</param>
/// <param name="Buffers">As they are now; null for a mode without.</param>
/// <param name="Before">As they were then.</param>
internal sealed record SizeStats(SmcStatistics Counters, BufferReport? Buffers, BufferReport Before)
{
    /// <summary>Digits of a count that is told in full, and characters of one that is not.</summary>
    private const int MostDigits = 7;
    private const int ColumnWidth = 8;
    private const int LabelWidth = 26;
    private const int CountWidth = 12;
    private const int BytesWidth = 14;
    private const int LastShown = 7;
    private const string Heads = "            8KB    16KB    32KB    64KB   128KB   256KB   512KB  >512KB";
    private const string DecimalUnits = "KMGTPE";

    /// <summary>DMBs that were handed out; null for a mode without.</summary>
    public SizeHistogram? OwnSizes => Buffers?.Sizes.Minus(Before.Sizes);

    /// <summary>DMBs of peers that were attached; null for a mode without.</summary>
    public SizeHistogram? PeerSizes => Buffers?.PeerSizes.Minus(Before.PeerSizes);

    /// <summary>DMBs that had not been in use before; null for a mode without.</summary>
    public long? Allocations => Buffers is { } now ? Math.Max(0, now.Allocations - Before.Allocations) : null;

    /// <summary>DMBs that had.</summary>
    public long? Reuses => Buffers?.Reuses - Before.Reuses;

    /// <summary>DMBs that were handed out of a smaller class than was wanted; null for a mode without.</summary>
    public long? Downgrades => Buffers?.Downgrades - Before.Downgrades;

    /// <summary>What stands below the lines of the mode.</summary>
    /// <param name="width">Of a line, in characters.</param>
    public string ToText(int width)
    {
        List<string> lines = ["RX Stats"];
        if (Buffers is { } now)
        {
            lines.Add(BytesLine("Buffer usage (Bytes)", now.BytesInUse));
            lines.Add(CountLine("Buffer allocations", Allocations ?? 0));
            lines.Add(CountLine("Buffer reuses", Reuses ?? 0));
            lines.Add(CountLine("Buffer downgrades", Downgrades ?? 0));
        }

        AddTable(lines, OwnSizes, Counters.ReadSizes);
        lines.Add(string.Empty);
        lines.Add("TX Stats");
        if (Buffers is not null) lines.Add(BytesLine("Buffer usage (Bytes)", Buffers.PeerBytesInUse));
        AddTable(lines, PeerSizes, Counters.WriteSizes);
        lines.Add(string.Empty);
        var text = new StringBuilder();
        foreach (string line in lines) text.Append(line.Length <= width ? line : line[..(width - 1)] + "…").Append('\n');
        return text.ToString();
    }

    /// <summary>A number as the SMC tools shorten it, to six characters with a decimal unit: <c>65.54K</c>. One of at most three digits stays.</summary>
    internal static string Shorten(long number)
    {
        double value = number;
        int unit = -1;
        for (; value >= 999.95 && unit < DecimalUnits.Length - 1; unit++) value /= 1000;
        if (unit < 0) return ReportText.Count(number);
        string format = value >= 99.995 ? "000.0" : value >= 9.9995 ? "00.00" : "0.000";
        return value.ToString(format, CultureInfo.InvariantCulture) + DecimalUnits[unit];
    }

    /// <summary>An object of the nine buckets: <c>upTo8KiB</c> to <c>upTo1024KiB</c>, and <c>over1024KiB</c>; null for none.</summary>
    internal static void Write(Utf8JsonWriter writer, SizeHistogram? sizes)
    {
        if (sizes is not { } histogram)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        for (int bucket = 0; bucket < SizeHistogram.Buckets; bucket++)
        {
            string name = SizeHistogram.LimitOf(bucket) is { } limit ? $"upTo{Kib(limit)}KiB" : $"over{Kib(SizeHistogram.LimitOf(bucket - 1) ?? 0)}KiB";
            writer.WriteNumber(name, histogram[bucket]);
        }

        writer.WriteEndObject();

        static string Kib(int bytes) => ReportText.Count(bytes / 1024);
    }

    private static void AddTable(List<string> lines, SizeHistogram? buffers, SizeHistogram requests)
    {
        lines.Add(Heads);
        if (buffers is { } sizes) lines.Add(Row("  Bufs", sizes));
        lines.Add(Row("  Reqs", requests));
    }

    private static string Row(string label, SizeHistogram sizes)
    {
        var line = new StringBuilder(label).Append(' ', ColumnWidth - label.Length - 1);
        for (int bucket = 0; bucket <= LastShown; bucket++)
        {
            long count = bucket < LastShown ? sizes[bucket] : sizes[bucket] + sizes[bucket + 1];
            string full = ReportText.Count(count);
            line.Append((full.Length <= MostDigits ? full : Shorten(count)).PadLeft(ColumnWidth));
        }

        return line.ToString();
    }

    private static string CountLine(string label, long count) => "  " + label.PadRight(LabelWidth) + ReportText.Count(count).PadLeft(CountWidth);

    private static string BytesLine(string label, long bytes) =>
        $"  {label.PadRight(LabelWidth - (BytesWidth - CountWidth))}{ReportText.Count(bytes).PadLeft(BytesWidth)} ({Shorten(bytes)})";
}
