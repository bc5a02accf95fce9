using System.Globalization;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Rings;
using Smc.Transport.Wire;

namespace Smc.Actors.Inspection;

/// <summary>Takes snapshots of a runtime: reads tables and counters that others write anyway, and asks no actor and no connection for anything.</summary>
internal sealed class SnapshotSource(SmcSettings settings, LoopbackDevice device, ConnectionTable connections)
{
    public RuntimeSnapshot Take() => new(
        DateTime.UtcNow,
        Runtime(),
        connections.Report(),
        new Dictionary<SmcReason, long>(connections.Fallbacks),
        new Dictionary<RingViolation, long>(connections.Violations),
        new Dictionary<WireError, long>(connections.Breaches));

    private RuntimeReport Runtime() => new(
        Environment.ProcessId,
        ProductVersion.Text,
        settings.Negotiation.ToString().ToLower(CultureInfo.InvariantCulture),
        settings.Rendezvous.Folder,
        device.Rendezvous?.Gid,
        device.Rendezvous is null ? device.Down : SmcReason.None,
        [.. settings.Handshake.Ueids.Select(ueid => ueid.ToString())],
        device.DmbsInUse,
        settings.Buffers.MaxDmbs,
        settings.Buffers.Size.Bytes);
}
