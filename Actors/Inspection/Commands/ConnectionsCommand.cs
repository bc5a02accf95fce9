using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc connections</c>, after smcss.</summary>
internal sealed class ConnectionsCommand() : SnapshotCommand(
    "connections",
    "Lists the open connections.",
    Mode, Peer, State, Order, Most)
{
    private static readonly SmcArgument Mode = new("mode", "-m", "Only those of this mode.", ArgumentKind.Choice) { Choices = ["smcd", "smcr", "tcp"] };
    private static readonly SmcArgument Peer = new("peer", "-p", "Only those whose peer address begins with this.");
    private static readonly SmcArgument State = new("state", "-s", "Only those in this state, as ACTIVE.");
    private static readonly SmcArgument Order = new("order", "-o", "The largest first.", ArgumentKind.Choice) { Choices = ["bytes", "age"], Default = "age" };
    private static readonly SmcArgument Most = new("count", "-c", "At most so many.", ArgumentKind.Count);

    private static readonly Column<ConnectionReport>[] Columns =
    [
        Column.Of<ConnectionReport>("ID", "id", c => c.Id),
        Column.Of<ConnectionReport>("State", "state", c => c.State),
        Column.Of<ConnectionReport>("Local", "local", c => c.Local),
        Column.Of<ConnectionReport>("Peer", "peer", c => c.Peer),
        Column.Mode<ConnectionReport>("Mode", "mode", c => c.Mode),
        Column.Code<ConnectionReport>("Code(L/P)", "code", c => c.Reason) with { Rank = 1, Text = c => ReportText.Codes(c.Reason, c.Decision.PeerReason) },
        Column.Code<ConnectionReport>("PeerCode", "peerCode", c => c.Decision.PeerReason) with { IsWide = true },
        Column.Age<ConnectionReport>("Age", "ageSeconds", c => c.Age) with { Rank = 2 },
        Column.Bytes<ConnectionReport>("TX", "bytesSent", c => c.BytesSent) with { Rank = 3 },
        Column.Bytes<ConnectionReport>("RX", "bytesReceived", c => c.BytesReceived) with { Rank = 4 },
        Column.Of<ConnectionReport>("Group", "linkGroup", c => c.LinkGroup) with { Rank = 5 },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        IEnumerable<ConnectionReport> chosen = snapshot.Connections.Where(connection =>
            (arguments.Text(Mode) is not { } mode || string.Equals(ReportText.ModeCode(connection.Mode), mode, StringComparison.OrdinalIgnoreCase))
            && (arguments.Text(Peer) is not { } peer || connection.Peer.StartsWith(peer, StringComparison.OrdinalIgnoreCase))
            && (arguments.Text(State) is not { } state || string.Equals(connection.State, state, StringComparison.OrdinalIgnoreCase)));
        chosen = arguments.Text(Order) == "bytes"
            ? chosen.OrderByDescending(connection => connection.BytesSent + connection.BytesReceived)
            : chosen.OrderByDescending(connection => connection.Age);
        if (arguments.Count(Most) is { } most) chosen = chosen.Take(most);
        List<ConnectionReport> rows = [.. chosen];
        return new TableReport<ConnectionReport>(Name, Columns, rows, Footer(rows.Count, snapshot.Connections));
    }

    /// <summary><c>Count: 2 connections (of 31; 29 SMCD)</c>.</summary>
    private static string Footer(int shown, IReadOnlyList<ConnectionReport> all) =>
        $"Count: {ReportText.Counted(shown, "connection")} (of {ReportText.Count(all.Count)}; {ReportText.Count(all.Count(c => c.Mode == SmcMode.SmcD))} SMCD)";
}
