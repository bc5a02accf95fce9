using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Dispatch;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Actors.Settings;
using Smc.Transport;
using Smc.Transport.Interop.Linux;

namespace Smc.Actors.Inspection;

/// <summary>Takes snapshots of a runtime: reads tables and counters that others write anyway, and asks no actor and no connection for anything.</summary>
internal sealed class SnapshotSource(SmcSettings settings, LoopbackDevice device, ConnectionTable connections, LinkGroupTable linkGroups, ListenerTable listeners)
{
    private readonly IReadOnlyList<VectorReport> _vectors =
        [.. Enumerable.Range(0, settings.CompletionVectors.Vectors).Select(vector => VectorOf(vector, settings.CompletionVectors.Pin))];

    private readonly DateTime _began = DateTime.UtcNow;
    private readonly long _beganAt = Stopwatch.GetTimestamp();

    public RuntimeSnapshot Take()
    {
        DateTime now = DateTime.UtcNow;
        var (open, modes) = connections.ReportAll();
        var (groups, buffers) = linkGroups.Report();
        return new RuntimeSnapshot(now, Runtime(), open)
        {
            Listeners = listeners.Report(),
            LinkGroups = groups,
            Totals = new CounterTotals(_began + Stopwatch.GetElapsedTime(_beganAt), modes, connections.Fallbacks, device.Dmbs.WithPeaks(buffers)),
            Fallbacks = connections.ReportFallbacks(),
            Violations = [.. connections.ReportViolations(), .. device.Rules.Report()],
        };
    }

    private RuntimeReport Runtime() => new(
        Environment.ProcessId,
        ProductVersion.Text,
        settings.Negotiation.ToString().ToLower(CultureInfo.InvariantCulture),
        settings.Rendezvous.Folder,
        device.Rendezvous?.Gid,
        device.Rendezvous is null ? device.Down : SmcReason.None,
        [.. device.Ueids.Current.Select(ueid => ueid.ToString())],
        device.DmbsInUse,
        settings.Buffers.MaxDmbs,
        settings.Buffers.Size.Bytes)
    {
        Framework = RuntimeInformation.FrameworkDescription,
        OperatingSystem = RuntimeInformation.OSDescription,
        MaxConnectionsPerGroup = settings.LinkGroup.MaxConnections,
        MaxGroupsPerPeer = settings.LinkGroup.MaxPerPeer,
        IsPrefaulted = settings.Buffers.Prefault,
        DmbLimits = device.Dmbs.Report(),
        ClcBuffers = device.ClcBuffers.Report(),
        AllowsMutations = settings.Inspection.AllowMutations,
        Vectors = _vectors,
    };

    private static VectorReport VectorOf(int vector, bool isPinned)
    {
        IReadOnlyList<int> allowed = CpuAffinity.OfProcess;
        int? cpu = isPinned && allowed.Count > 0 ? allowed[vector % allowed.Count] : null;
        return new VectorReport(vector, CompletionQueueExecutor.NameOf(vector), CompletionDispatchers.IdOf(vector), cpu);
    }
}
