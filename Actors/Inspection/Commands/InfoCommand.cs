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
            PageLine.Of("Runtime", "framework", runtime.Framework),
            PageLine.Of("System", "system", runtime.OperatingSystem),
            new("SMC-D", isUp ? "loopback-ism, version 2, CHID 0xffff" : $"down: {ReportText.Explain(runtime.Down)}", "smcd", isUp),
            PageLine.Of("GID", "gid", runtime.Gid?.ToString() ?? string.Empty),
            new("SMC-R", "not in this version", "smcr", false),
            new("UEIDs", runtime.Ueids.Count == 0 ? "none" : string.Join(", ", runtime.Ueids), "ueids", new JsonArray([.. runtime.Ueids.Select(ueid => (JsonNode)ueid)])),
            new("SEID", "none, only s390 has one: two ends need a UEID in common", "seid"),
            PageLine.Of("Negotiation", "negotiation", runtime.Negotiation),
            PageLine.Of("Rendezvous", "rendezvousFolder", runtime.RendezvousFolder),
            new("DMBs", $"{ReportText.Count(runtime.DmbsInUse)} of {ReportText.Count(runtime.MaxDmbs)}", "dmbsInUse", runtime.DmbsInUse),
            PageLine.OfJson("maxDmbs", runtime.MaxDmbs),
            new("DMB size", ReportText.Size(runtime.BufferBytes), "dmbBytes", runtime.BufferBytes),
        };
        lines.Add(new PageLine("Link groups", $"at most {ReportText.Count(runtime.MaxGroupsPerPeer)} a peer, of {ReportText.Count(runtime.MaxConnectionsPerGroup)} connections each", "maxGroupsPerPeer", runtime.MaxGroupsPerPeer));
        lines.Add(PageLine.OfJson("maxConnectionsPerGroup", runtime.MaxConnectionsPerGroup));
        lines.Add(new PageLine("Mutations", runtime.AllowsMutations ? "on" : $"off: {InspectionSettings.AllowMutationsKey} allows them", "allowsMutations", runtime.AllowsMutations));
        lines.Add(PageLine.OfJson("code", isUp ? null : ReportText.Code(runtime.Down)));
        lines.Add(isUp ? PageLine.OfJson("remedy", null) : new PageLine(string.Empty, $"Remedy: {SmcReasons.Remedy(runtime.Down)}", "remedy", SmcReasons.Remedy(runtime.Down)));
        return new PageReport(Name, lines);
    }
}
