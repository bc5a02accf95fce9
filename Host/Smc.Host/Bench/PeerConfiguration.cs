using System.Text.Json;
using System.Text.Json.Serialization;
using Smc.Host.Carriers;

namespace Smc.Host.Bench;

/// <summary>What one of a bench's processes is to be.</summary>
internal sealed record PeerConfiguration
{
    public const string Sync = "sync";
    public const string Async = "async";
    public const string AsyncInline = "async-inline";

    public required string Workload { get; init; }
    public required Over Over { get; init; }
    public required string Api { get; init; }
    public int Bytes { get; init; }
    public int Connections { get; init; } = 1;

    /// <summary>How often in all, where that is fixed and not found from <see cref="RunMilliseconds"/>; 0 otherwise.</summary>
    public long FixedCount { get; init; }

    /// <summary>Whether failed operations are counted and reported; otherwise the first ends the run.</summary>
    public bool CountErrors { get; init; }

    /// <summary>Silent handshakes at the server, where a workload is measured with them and without.</summary>
    public int Silent { get; init; }

    /// <summary>Connections that idle beside those that are measured.</summary>
    public int Idle { get; init; }

    /// <summary>Inspectors of the server, where a workload is measured with them and without.</summary>
    public int Inspectors { get; init; }

    /// <summary>The client's process, which is not looked into; 0 where nobody looks.</summary>
    public int ClientProcess { get; init; }

    public int? Buffer { get; init; }
    public bool? Spin { get; init; }

    /// <summary>Aim for the timed part of a run.</summary>
    public int RunMilliseconds { get; init; }

    public required string Folder { get; init; }

    /// <summary>Where the server listens, or is to be reached.</summary>
    public required string At { get; init; }

    public bool IsServer { get; init; }

    [JsonIgnore]
    public bool IsSync => Api == Sync;

    /// <summary>The reader's buffer: 64 KiB, or 256 KiB where a ring of 1 MiB could feed it.</summary>
    [JsonIgnore]
    public int ReadLength => Buffer >= 1 << 20 ? 256 * 1024 : 64 * 1024;

    public static PeerConfiguration Parse(string json) =>
        JsonSerializer.Deserialize(json, PeerJson.Default.PeerConfiguration) ?? throw new JsonException("a configuration is missing.");

    public override string ToString() => JsonSerializer.Serialize(this, PeerJson.Default.PeerConfiguration);

    public Task<Carrier> StartCarrierAsync(CancellationToken ct) => Carrier.StartAsync(
        new CarrierSettings(Over, Buffer, Spin, Over == Over.Smc && Api == AsyncInline ? true : null, Folder, IsSync), ct);
}

/// <summary>What one run measured, as the client process says it.</summary>
/// <param name="Value">In the row's unit.</param>
/// <param name="P99">In the row's unit, where that is a time.</param>
/// <param name="CpuClientS">Seconds per million messages, or per GB.</param>
/// <param name="CpuServerS">Likewise of the server process.</param>
/// <param name="Allocated">Managed bytes per operation of the client.</param>
/// <param name="Errors">Operations that failed.</param>
/// <param name="ResidentBytes">Per connection, both processes together, where connections idle.</param>
/// <param name="Descriptors">Likewise.</param>
/// <param name="Quiet">The same without the silent handshakes, where there were some.</param>
/// <param name="Looked">Answers that each inspector had a second, where there were some.</param>
/// <param name="LookedCpuMs">Milliseconds of CPU that the inspectors' own process took a second.</param>
/// <param name="ConnectP99">Microseconds that 99 of 100 connections took at most, from the connect to their end, where connections are what is measured.</param>
internal sealed record RunResult(
    double Value, double? P99 = null, double? CpuClientS = null, double? CpuServerS = null, double? Allocated = null, long Errors = 0,
    double? ResidentBytes = null, double? Descriptors = null, RunResult? Quiet = null, double? Looked = null, double? LookedCpuMs = null,
    double? ConnectP99 = null);

/// <summary>The lines between the bench and its processes.</summary>
[JsonSerializable(typeof(PeerConfiguration))]
[JsonSerializable(typeof(RunResult))]
internal sealed partial class PeerJson : JsonSerializerContext;
