using System.Globalization;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Inspection.Commands.CommonArguments;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc fallbacks</c>: the Mode column of smcss made a list of its own: who is on TCP and why, and what to do about it.</summary>
internal sealed class FallbacksCommand() : SnapshotCommand("fallbacks", "Lists which peers fell back to TCP, why, and what to do about it.", Since, Peer, Reason)
{
    private const string Others = "others";
    private const string HexPrefix = "0x";

    private static readonly SmcArgument Peer = new("peer", "-p", "Only peers whose address begins with this.");

    private static readonly SmcArgument Reason = new("reason", "-r", "Only for this reason, as PEER_NO_SMC or 0x03010000.", ArgumentKind.Formed)
    {
        Form = "the name or the code of a reason, as PEER_NO_SMC or 0x03010000",
        IsOfForm = static word => TryReason(word, out _),
    };

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        SmcReason? only = arguments.Text(Reason) is { } word && TryReason(word, out SmcReason parsed) ? parsed : null;
        IEnumerable<Row> chosen = snapshot.Fallbacks
            .Where(row =>
                (arguments.Text(Peer) is not { } peer || row.Peer.StartsWith(peer, StringComparison.OrdinalIgnoreCase))
                && (arguments.Duration(Since) is not { } since || snapshot.Taken - row.Times.Last <= since))
            .Select(row => new Row(row.Peer, row.Role, row.Reason, row.PeerReason, row.Times.Count, row.Times));
        if (!arguments.Has(Peer) && !arguments.Has(Since)) chosen = chosen.Concat(Displaced(snapshot));
        List<Row> rows = [.. chosen.Where(row => only is not { } reason || row.Reason == reason).OrderByDescending(row => row.Count).ThenBy(row => row.Reason).ThenBy(row => row.Peer, StringComparer.Ordinal)];
        SmcReason[] reasons = [.. rows.Select(row => row.Reason).Distinct()];
        long fallbacks = rows.Sum(row => row.Count);
        string footer = $"Count: {ReportText.Counted(fallbacks, "fallback")}, {ReportText.Counted(reasons.Length, "reason")}";
        return new TableReport<Row>(Name, ColumnsAt(snapshot.Taken), rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?> { ["fallbacks"] = fallbacks, ["reasons"] = reasons.Length },
            Notes =
            [
                .. rows.SelectMany(row => new[] { row.Reason, row.PeerReason }).Where(reason => reason != SmcReason.None).Distinct()
                    .Select(reason => $"{SmcReasons.ShortName(reason)}: {SmcReasons.Remedy(reason)}"),
                .. arguments.Has(Since) && rows.Count > 0 ? ["Counts are those since the runtime began, of peers that fell back in this time."] : (string[])[],
            ],
        };
    }

    private static Column<Row>[] ColumnsAt(DateTime now) =>
    [
        Column.Count<Row>("Count", "count", row => row.Count),
        Column.Of<Row>("Peer", "peer", row => row.Peer) with { Write = (writer, row) => Column.WriteText(writer, row.Times is null ? null : row.Peer) },
        Column.Ago<Row>("First", "firstSeen", now, row => row.Times?.First) with { Rank = 2 },
        Column.Ago<Row>("Last", "lastSeen", now, row => row.Times?.Last) with { Rank = 1 },
        Column.Role<Row>("Role", "role", row => row.Role) with { Rank = 3 },
        Column.Code<Row>("Code(L/P)", "code", row => row.Reason) with { Text = row => ReportText.Codes(row.Reason, row.PeerReason) },
        Column.Code<Row>("PeerCode", "peerCode", row => row.PeerReason) with { IsWide = true },
        Column.Of<Row>("Reason", "reason", row => SmcReasons.ShortName(row.Reason)),
        Column.Of<Row>("Sentence", "sentence", row => SmcReasons.Sentence(row.Reason)) with { Rank = 4 },
        Column.Of<Row>("Remedy", "remedy", row => SmcReasons.Remedy(row.Reason)) with { IsWide = true },
    ];

    /// <summary>Of peers whose rows have been displaced only the sums are known.</summary>
    private static IEnumerable<Row> Displaced(RuntimeSnapshot snapshot) =>
        snapshot.Totals.Fallbacks
            .Select(reason => new Row(Others, null, reason.Key, SmcReason.None, reason.Value - snapshot.Fallbacks.Where(row => row.Reason == reason.Key).Sum(row => row.Times.Count), null))
            .Where(row => row.Count > 0);

    private static bool TryReason(string word, out SmcReason reason)
    {
        reason = Enum.GetValues<SmcReason>().FirstOrDefault(known => string.Equals(SmcReasons.ShortName(known), word, StringComparison.OrdinalIgnoreCase));
        if (reason != SmcReason.None) return true;
        bool isCode = word.StartsWith(HexPrefix, StringComparison.OrdinalIgnoreCase);
        bool isRead = uint.TryParse(word.AsSpan(isCode ? HexPrefix.Length : 0), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code);
        reason = (SmcReason)code;
        return isCode && isRead && code != 0;
    }

    private sealed record Row(string Peer, ConnectionRole? Role, SmcReason Reason, SmcReason PeerReason, long Count, Counted? Times);
}
