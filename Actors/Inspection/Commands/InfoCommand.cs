using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Settings;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc info</c>, after <c>smcd info</c> and <c>smcr info</c>: versions, EIDs, limits, what the platform supports.</summary>
internal sealed class InfoCommand() : SnapshotCommand("info", "Versions, EIDs, limits and what this host supports.")
{
    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        RuntimeReport runtime = snapshot.Runtime;
        bool isUp = runtime.Down == SmcReason.None;
        var lines = new List<PageLine>
        {
            PageLine.Of("Version", "version", runtime.Version),
            PageLine.Of("Process", "pid", runtime.ProcessId),
            PageLine.Of("Runtime", "framework", RuntimeInformation.FrameworkDescription),
            PageLine.Of("Kernel", "kernel", RuntimeInformation.OSDescription),
            new("SMC-D", isUp ? "loopback-ism, version 2, CHID 0xffff" : $"down: {ReportText.Explain(runtime.Down)}", "smcd", isUp),
            PageLine.Of("GID", "gid", runtime.Gid?.ToString() ?? string.Empty),
            new("SMC-R", "not in this version", "smcr", false),
            new("UEIDs", string.Join(", ", runtime.Ueids), "ueids", new JsonArray([.. runtime.Ueids.Select(ueid => (JsonNode)ueid)])),
            PageLine.Of("Negotiation", "negotiation", runtime.Negotiation),
            PageLine.Of("Rendezvous", "rendezvousFolder", runtime.RendezvousFolder),
            new("DMBs", $"{ReportText.Count(runtime.DmbsInUse)} of {ReportText.Count(runtime.MaxDmbs)}", "dmbsInUse", runtime.DmbsInUse),
            new("DMB size", ReportText.Size(runtime.BufferBytes), "dmbBytes", runtime.BufferBytes),
        };
        lines.Add(new PageLine("Mutations", runtime.AllowsMutations ? "on" : $"off: {InspectionSettings.AllowMutationsKey} allows them", "allowsMutations", runtime.AllowsMutations));
        if (!isUp) lines.Add(new PageLine(string.Empty, $"Remedy: {SmcReasons.Remedy(runtime.Down)}", "remedy", SmcReasons.Remedy(runtime.Down)));
        return new PageReport(Name, lines);
    }
}
