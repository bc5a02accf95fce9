using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc connections</c>, after smcss.</summary>
internal sealed class ConnectionsCommand() : SnapshotCommand(
    "connections",
    "Lists the open connections; -a the closing ones and the listeners too.",
    All, Listening, Cursors, Mode, Peer, State, Order, Most)
{
    private static readonly SmcArgument All = new("all", "-a", "Those too that are closed here and wait for their peer, and the listeners.", ArgumentKind.Flag);
    private static readonly SmcArgument Listening = new("listening", "-l", "Only the listeners; -m and -c choose among them.", ArgumentKind.Flag);
    private static readonly SmcArgument Cursors = new("debug", "-d", "Token, buffers, cursors and flags.", ArgumentKind.Flag);
    private static readonly SmcArgument Mode = CommonArguments.Mode("-m");
    private static readonly SmcArgument Peer = new("peer", "-p", "Only those whose peer address begins with this.");
    private static readonly SmcArgument State = new("state", "-s", "Only those in this state.", ArgumentKind.Choice)
    {
        Choices = [.. Enum.GetValues<SmcConnectionState>().Select(StateNames.Of)],
    };

    private static readonly SmcArgument Order = new("order", "-o", "The most first: bytes, age, or writes that the peer's full buffer held up.", ArgumentKind.Choice)
    {
        Choices = ["bytes", "age", "stall"],
        Default = "age",
    };

    private static readonly SmcArgument Most = new("count", "-c", "At most so many.", ArgumentKind.Count);

    /// <summary>What means nothing to a listener.</summary>
    private static readonly SmcArgument[] OfConnections = [Cursors, Peer, State, Order];

    private static readonly Column<ConnectionReport> Id = Column.Of<ConnectionReport>("ID", "id", c => c.Id);
    private static readonly Column<ConnectionReport> InState = Column.Of<ConnectionReport>("State", "state", c => c.State);

    private static readonly Column<ConnectionReport>[] Columns =
    [
        Id,
        InState,
        Column.Of<ConnectionReport>("Local", "local", c => c.Local) with { Rank = 5 },
        Column.Of<ConnectionReport>("Peer", "peer", c => c.Peer),
        Column.Mode<ConnectionReport>("Mode", "mode", c => c.Mode),
        Column.Code<ConnectionReport>("Code(L/P)", "code", c => c.Reason) with { Rank = 1, Text = c => ReportText.Codes(c.Reason, c.Decision.PeerReason) },
        Column.Code<ConnectionReport>("PeerCode", "peerCode", c => c.Decision.PeerReason) with { IsWide = true },
        Column.Age<ConnectionReport>("Age", "ageSeconds", c => c.Age) with { Rank = 2 },
        Column.Bytes<ConnectionReport>("TX", "bytesSent", c => c.BytesSent) with { Rank = 3 },
        Column.Bytes<ConnectionReport>("RX", "bytesReceived", c => c.BytesReceived) with { Rank = 4 },
        Column.Of<ConnectionReport>("Group", "linkGroup", c => c.LinkGroup) with { Rank = 6 },
        Column.Count<ConnectionReport>("Stalls", "peerBufferFull", c => c.Counters.PeerBufferFull) with { Rank = 7 },
        Column.Flag<ConnectionReport>("Stalled", "isStalled", c => c.IsStalled) with { IsWide = true },
    ];

    /// <summary>A listener is known by its own end.</summary>
    private static readonly Column<ConnectionReport>[] ColumnsOfAll = [.. Columns.Select(column => column.Json == "local" ? column with { Rank = 0 } : column)];

    private static readonly Column<ConnectionReport>[] CursorColumns =
    [
        Id,
        InState with { Rank = 1 },
        Column.Of<ConnectionReport>("Token", "token", c => c.Token == 0 ? string.Empty : $"{c.Token:x16}") with { Rank = 2 },
        Column.Bytes<ConnectionReport>("Sndbuf", "sendRingBytes", c => c.Path?.Writing.RingBytes ?? 0) with { Rank = 3 },
        Column.Bytes<ConnectionReport>("Rcvbuf", "receiveRingBytes", c => c.Path?.Reading.RingBytes ?? 0) with { Rank = 4 },
        OfPath("rxprod", "rxProducer", path => path.Reading.Producer.ToString()),
        OfPath("rxcons", "rxConsumer", path => path.Reading.Consumer.ToString()),
        OfPath("rxFl", "rxFlags", path => path.Peer.ToString()),
        OfPath("txprod", "txProducer", path => path.Writing.Producer.ToString()),
        OfPath("txcons", "txConsumer", path => path.Writing.Consumer.ToString()),
        OfPath("txFl", "txFlags", path => path.Own.ToString()),
    ];

    private static readonly Column<ListenerReport>[] ListenerColumns =
    [
        Column.Of<ListenerReport>("ID", "id", listener => listener.Id),
        Column.Of<ListenerReport>("State", "state", _ => StateNames.Of(SmcConnectionState.Listen)),
        Column.Of<ListenerReport>("Local", "local", listener => listener.Local),
        Column.Mode<ListenerReport>("Mode", "mode", listener => listener.Mode),
        Column.Code<ListenerReport>("Code", "code", listener => listener.Reason),
        Column.Age<ListenerReport>("Age", "ageSeconds", listener => listener.Age),
        Column.Count<ListenerReport>("Accepted", "accepted", listener => listener.Accepted),
        Column.Count<ListenerReport>("Waiting", "waiting", listener => listener.Waiting),
        Column.Count<ListenerReport>("Limit", "mostWaiting", listener => listener.MostWaiting) with { Rank = 1 },
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        if (arguments.Has(Listening)) return Listeners(arguments, snapshot.Listeners);
        bool isAll = arguments.Has(All);
        ConnectionReport[] closing = [.. snapshot.Connections.Where(connection => connection.IsClosing)];
        ConnectionReport[] open = [.. snapshot.Connections.Where(connection => !connection.IsClosing)];
        IEnumerable<ConnectionReport> chosen = Sort(arguments, (isAll ? [.. snapshot.Connections, .. snapshot.Listeners.Select(AsConnection)] : open).Where(c => IsChosen(arguments, c)));
        if (arguments.Count(Most) is { } most) chosen = chosen.Take(most);
        List<ConnectionReport> rows = [.. chosen];
        int stalled = open.Count(c => c.IsStalled);
        string all = $"of {ReportText.Count(open.Length)}; {ReportText.Count(open.Count(c => c.Mode == SmcMode.SmcD))} SMCD{(stalled > 0 ? $"; {ReportText.Count(stalled)} stalled" : string.Empty)}";
        string footer = isAll
            ? $"Count: {ReportText.Counted(rows.Count, "row")} ({all}; {ReportText.Count(closing.Length)} closing; {ReportText.Counted(snapshot.Listeners.Count, "listener")})"
            : $"Count: {ReportText.Counted(rows.Count, "connection")} ({all})";
        return new TableReport<ConnectionReport>(Name, arguments.Has(Cursors) ? CursorColumns : isAll ? ColumnsOfAll : Columns, rows, footer)
        {
            Properties = new Dictionary<string, JsonNode?> { ["open"] = open.Length, ["closing"] = closing.Length, ["listeners"] = snapshot.Listeners.Count },
        };
    }

    private SmcReport Listeners(SmcArguments arguments, IReadOnlyList<ListenerReport> all)
    {
        if (OfConnections.FirstOrDefault(arguments.Has) is { } other)
            return new ErrorReport($"-l lists listeners, for which {other.Switch} means nothing; -m and -c choose among them.");
        List<ListenerReport> listeners = [.. all.Where(listener => CommonArguments.IsOf(arguments, Mode, listener.Mode)).Take(arguments.Count(Most) ?? int.MaxValue)];
        return new TableReport<ListenerReport>(Name, ListenerColumns, listeners, $"Count: {ReportText.Counted(listeners.Count, "listener")}")
        {
            Properties = new Dictionary<string, JsonNode?> { ["listeners"] = all.Count },
            Notes = listeners.Any(listener => listener.Reason != SmcReason.None) ? ["A listener of mode TCP is not published: its connections are TCP, for the reason of the code."] : [],
        };
    }

    private static bool IsChosen(SmcArguments arguments, ConnectionReport connection) =>
        CommonArguments.IsOf(arguments, Mode, connection.Mode)
        && (arguments.Text(Peer) is not { } peer || connection.Peer.StartsWith(peer, StringComparison.OrdinalIgnoreCase))
        && (arguments.Text(State) is not { } state || string.Equals(connection.State, state, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<ConnectionReport> Sort(SmcArguments arguments, IEnumerable<ConnectionReport> connections) => arguments.Text(Order) switch
    {
        "bytes" => connections.OrderByDescending(connection => connection.BytesSent + connection.BytesReceived),
        "stall" => connections.OrderByDescending(connection => connection.Path?.Writing.Activity == DirectionActivity.Asleep).ThenByDescending(connection => connection.Counters.PeerBufferFull),
        _ => connections.OrderByDescending(connection => connection.Age),
    };

    private static ConnectionReport AsConnection(ListenerReport listener) =>
        new(listener.Id, StateNames.Of(SmcConnectionState.Listen), listener.Local, string.Empty, listener.Mode, listener.Reason, listener.Age, 0, 0, string.Empty);

    private static Column<ConnectionReport> OfPath(string header, string json, Func<PathSnapshot, string> text) =>
        Column.Of<ConnectionReport>(header, json, c => c.Path is { } path ? text(path) : string.Empty);
}
