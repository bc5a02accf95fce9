using System.Text.Json;
using System.Text.Json.Serialization;

namespace Smc.Host.Bench;

/// <summary>One row of the bench's JSON; null where a field has no meaning.</summary>
internal sealed record BenchRow
{
    public required string Group { get; init; }
    public required string Workload { get; init; }

    /// <summary>smc-d, tcp (NoDelay), tcp-nagle or uds.</summary>
    public required string Over { get; init; }

    /// <summary>sync, async or async-inline.</summary>
    public required string Api { get; init; }

    /// <summary>Message size.</summary>
    public int? Bytes { get; init; }

    /// <summary>Connections in use, or made in a row.</summary>
    public int? Connections { get; init; }

    public int? Threads { get; init; }

    /// <summary>Bytes of the DMB, or of the socket buffer.</summary>
    public int? Buffer { get; init; }

    public bool? Spin { get; init; }

    /// <summary>msg/s, MB/s, us, conn/s, bytes or count.</summary>
    public required string Unit { get; init; }

    public double Median { get; init; }
    public double Min { get; init; }
    public double Max { get; init; }
    public int Runs { get; init; }
    public double? P99 { get; init; }

    /// <summary>CPU seconds per million messages, or per GB from 4096 bytes on.</summary>
    public double? CpuClientS { get; init; }

    public double? CpuServerS { get; init; }

    /// <summary>Managed bytes per operation, client side.</summary>
    public double? Allocated { get; init; }
}

/// <summary>Rows as JSON, with the field names of the row format.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BenchRow[]))]
internal sealed partial class BenchRowJson : JsonSerializerContext
{
    public static string Write(IEnumerable<BenchRow> rows) => JsonSerializer.Serialize([.. rows], Default.BenchRowArray);
}
