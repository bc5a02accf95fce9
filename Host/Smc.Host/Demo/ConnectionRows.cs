using System.Text.Json.Serialization;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;

namespace Smc.Host.Demo;

/// <summary>One row of the live table of connections, with the columns that users of smcss know.</summary>
internal sealed record ConnectionRow(
    string Id, string State, string Local, string Peer, string Mode, string Code, string Age, string Sent, string Received, string Group);

/// <summary>Reads and shows the table of connections.</summary>
internal static partial class ConnectionRows
{
    public static async Task<ConnectionRow[]> ReadAsync(Carrier? carrier, CancellationToken ct) =>
        carrier is SmcCarrier smc ? [.. (await smc.Runtime.GetConnectionsAsync(ct)).Select(From)] : [];

    public static ConnectionRow From(ConnectionReport report) => new(
        report.Id, report.State, report.Local, report.Peer, ReportText.Mode(report.Mode), ReportText.Code(report.Reason),
        ReportText.Age(report.Age), ReportText.Size(report.BytesSent), ReportText.Size(report.BytesReceived), report.LinkGroup);

    public static TextTable Table(IEnumerable<(string Process, ConnectionRow Row)> rows)
    {
        var table = new TextTable("In", "ID", "State", "Local", "Peer", "Mode", "Code", ">Age", ">TX", ">RX", "Group");
        foreach ((string process, ConnectionRow r) in rows) table.Add(process, r.Id, r.State, r.Local, r.Peer, r.Mode, r.Code, r.Age, r.Sent, r.Received, r.Group);
        return table;
    }

    [JsonSerializable(typeof(ConnectionRow[]))]
    internal sealed partial class Json : JsonSerializerContext;
}
