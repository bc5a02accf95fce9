using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc connection</c>: explains one connection: what carries it and why, what it waits for now, and the remedy.</summary>
internal sealed class ConnectionCommand() : SnapshotCommand("connection", "Explains one connection: mode and why, what it waits for, and the remedy.", Id)
{
    private static readonly SmcArgument Id = new("id", "-i", "Its ID, as smc connections lists it.") { IsMandatory = true };

    /// <summary>What is null in JSON where a connection of the other mode has it.</summary>
    private static readonly string?[] OfOneMode =
    [
        "code", "peerCode", "peerRemedy", "limit", "reading", "writing", "buffers", "receiveRingBytes", "unreadBytes", "sendRingBytes", "unconfirmedBytes",
        "peerBufferFull", "windowUpdates", "sleeps", "spinWins", "spinLosses", "bells", "missedBells",
    ];

    /// <inheritdoc />
    public override SmcReport Answer(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        string id = arguments.Text(Id)!;
        if (snapshot.Connections.FirstOrDefault(c => c.Id == id) is not { } connection)
            return new ErrorReport($"There is no open connection '{id}'; smc connections lists them.");
        HandshakeDecision decision = connection.Decision;
        var lines = new List<PageLine>
        {
            PageLine.Of("Connection", "id", connection.Id),
            PageLine.Of("State", "state", connection.State),
            new("Age", ReportText.Age(connection.Age), "ageSeconds", Math.Round(connection.Age.TotalSeconds, 3)),
            PageLine.Of("Local", "local", connection.Local),
            PageLine.Of("Peer", "peer", connection.Peer),
            new("Mode", ModeOf(connection), "mode", ReportText.ModeCode(connection.Mode)),
            PageLine.OfJson("linkGroup", connection.LinkGroup.Length == 0 ? null : connection.LinkGroup),
            PageLine.OfJson("token", connection.Token == 0 ? null : $"{connection.Token:x16}"),
            PageLine.Of("Decided at", "decision", DecisionText.Of(decision)),
            PageLine.OfJson("role", JsonWord.Of(decision.Role)),
            PageLine.OfJson("step", JsonWord.Of(decision.Step)),
            PageLine.OfJson("decidedBy", JsonWord.Of(decision.DecidedBy)),
        };
        lines.AddRange(connection.Path is { } path ? OnSharedMemory(connection, path) : OnTcp(connection, snapshot));
        lines.AddRange(OfOneMode.Except(lines.Select(line => line.Json)).Select(property => PageLine.OfJson(property!, null)));
        return new PageReport(Name, lines);
    }

    private static string ModeOf(ConnectionReport connection) => connection.Mode == SmcMode.Tcp
        ? $"TCP: {ReportText.Explain(connection.Reason)}"
        : $"{ReportText.Mode(connection.Mode)}, link group {connection.LinkGroup}";

    private static IEnumerable<PageLine> OnTcp(ConnectionReport connection, RuntimeSnapshot snapshot) =>
    [
        new("Code(L/P)", ReportText.Codes(connection.Reason, connection.Decision.PeerReason), "code", ReportText.Code(connection.Reason)),
        .. PeerReason(connection.Decision.PeerReason),
        PageLine.OfJson("waitsFor", null),
        PageLine.Of("Waits for", "waitsForDetail", "the kernel, which alone knows: ss -ti shows its windows and queues"),
        .. LimitOf(connection.Reason, snapshot) is { Length: > 0 } limit ? [PageLine.Of("Limit", "limit", limit)] : (PageLine[])[],
        PageLine.Of("Remedy", "remedy", SmcReasons.Remedy(connection.Reason)),
        .. Amounts(connection),
    ];

    /// <summary>What the remedy of PeerDeclined speaks of.</summary>
    private static PageLine[] PeerReason(SmcReason reason) => reason == SmcReason.None
        ? []
        : [new("Peer says", ReportText.Explain(reason), "peerCode", ReportText.Code(reason)), PageLine.Of("Its remedy", "peerRemedy", SmcReasons.Remedy(reason))];

    private static IEnumerable<PageLine> OnSharedMemory(ConnectionReport connection, PathSnapshot path)
    {
        Diagnosis diagnosis = connection.IsClosing ? Diagnosis.OfClosing(path) : Diagnosis.Of(connection.Counters, path);
        return
        [
            PageLine.Of("Reading", "reading", diagnosis.Reading),
            PageLine.Of("Writing", "writing", diagnosis.Writing),
            new("Waits for", diagnosis.WaitsFor.ToString(), "waitsFor", diagnosis.WaitsFor.Word),
            PageLine.OfJson("waitsForDetail", diagnosis.WaitsFor.Detail),
            PageLine.Of("Buffers", "buffers", diagnosis.Buffers),
            new("Receive ring", RingOf(path.Reading, UnreadOf(path.Reading)), "receiveRingBytes", path.Reading.RingBytes),
            PageLine.OfJson("unreadBytes", Diagnosis.IsUnreadKnown(path.Reading) ? path.Reading.Pending : null),
            new("Send ring", RingOf(path.Writing, $"{ReportText.Size(path.Writing.Pending)} not known to be read"), "sendRingBytes", path.Writing.RingBytes),
            PageLine.OfJson("unconfirmedBytes", path.Writing.Pending),
            .. Amounts(connection),
            PageLine.Of("Peer's buffer full", "peerBufferFull", connection.Counters.PeerBufferFull),
            PageLine.Of("Window updates", "windowUpdates", connection.Counters.WindowUpdates),
            PageLine.Of("Sleeps", "sleeps", connection.Counters.Sleeps),
            PageLine.Of("Spins won", "spinWins", connection.Counters.SpinWins),
            PageLine.Of("Spins lost", "spinLosses", connection.Counters.SpinLosses),
            PageLine.Of("Bells rung", "bells", connection.Counters.Bells),
            PageLine.Of("Bells missed", "missedBells", connection.Counters.MissedBells),
            PageLine.Of("Remedy", "remedy", diagnosis.Remedy),
        ];
    }

    /// <summary>What is in use now of what was used up then.</summary>
    private static string LimitOf(SmcReason reason, RuntimeSnapshot snapshot)
    {
        RuntimeReport runtime = snapshot.Runtime;
        return reason switch
        {
            SmcReason.MaxDmb => $"{ReportText.Count(runtime.MaxDmbs)} DMBs (smc.buffers.max-dmbs), {ReportText.Count(runtime.DmbsInUse)} in use now",
            SmcReason.OutOfMemory => $"shared memory of the host; {ReportText.Size(snapshot.LinkGroups.Sum(group => group.MappedBytes))} are mapped here now",
            SmcReason.LimitReached => $"{ReportText.Count(runtime.MaxGroupsPerPeer)} link groups a peer (smc.link-group.max-per-peer) of {ReportText.Count(runtime.MaxConnectionsPerGroup)} connections, "
                + $"{ReportText.Count(snapshot.LinkGroups.Count(group => group.IsServer))} link groups served now; or handshakes at once (smc.listener.accept-queue)",
            _ => string.Empty,
        };
    }

    private static string UnreadOf(DirectionSnapshot reading) => Diagnosis.IsUnreadKnown(reading)
        ? $"{ReportText.Size(reading.Pending)} come and not read"
        : "what has come since the last read is not known";

    private static string RingOf(DirectionSnapshot direction, string pending) =>
        $"{ReportText.Size(direction.RingBytes)}; {pending}; producer {direction.Producer}, consumer {direction.Consumer}";

    private static PageLine[] Amounts(ConnectionReport connection) =>
    [
        new("Sent", $"{ReportText.Size(connection.BytesSent)} in {ReportText.Counted(connection.Counters.Writes, "write")}", "bytesSent", connection.BytesSent),
        new("Received", $"{ReportText.Size(connection.BytesReceived)} in {ReportText.Counted(connection.Counters.Reads, "read")}", "bytesReceived", connection.BytesReceived),
        PageLine.OfJson("writes", connection.Counters.Writes),
        PageLine.OfJson("reads", connection.Counters.Reads),
    ];
}
