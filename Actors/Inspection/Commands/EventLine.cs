using System.Globalization;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Inspection.Commands;

/// <summary>An event as its reader gets it.</summary>
/// <param name="Name">One word.</param>
/// <param name="Id">The connection or link group that it concerns; empty for none.</param>
/// <param name="Peer">The other end, as far as is known; empty for none.</param>
/// <param name="Says">What there is to say, in words.</param>
/// <param name="Json">The same as properties, in base units.</param>
internal sealed record EventLine(string Name, string Id, string Peer, string Says, JsonObject Json)
{
    public static EventLine Of(RuntimeEvent happened) => happened switch
    {
        HandshakeEnded e => Of(e),
        ConnectionOpened e => new("opened", e.Id, $"{e.Remote}", OnWhat(e.Mode, e.Decision.Reason, e.LinkGroup), new()
        {
            ["role"] = JsonWord.Of(e.Decision.Role),
            ["mode"] = ReportText.ModeCode(e.Mode),
            ["code"] = CodeOf(e.Decision.Reason),
            ["linkGroup"] = e.LinkGroup.Length == 0 ? null : e.LinkGroup,
        }),
        LateProposal e => new("late", e.Id, $"{e.Remote}", $"a Proposal came after the application had the connection: {OnWhat(SmcMode.Tcp, e.Decision.Reason, "")}", new()
        {
            ["role"] = JsonWord.Of(e.Decision.Role),
            ["code"] = CodeOf(e.Decision.Reason),
        }),
        ConnectionClosed e => new(
            "closed",
            e.Id,
            $"{e.Remote}",
            $"{ReportText.Mode(e.Mode)} after {ReportText.Age(e.Duration)}, {EndOf(e.End)}; {ReportText.Size(e.BytesSent)} sent, {ReportText.Size(e.BytesReceived)} received",
            new()
            {
                ["role"] = JsonWord.Of(e.Role),
                ["mode"] = ReportText.ModeCode(e.Mode),
                ["end"] = JsonWord.Of(e.End),
                ["durationSeconds"] = SecondsOf(e.Duration),
                ["bytesSent"] = e.BytesSent,
                ["bytesReceived"] = e.BytesReceived,
            }),
        RuleBroken e => new("violation", "", e.Peer, $"{e.Layer}: {e.Rule}", new() { ["layer"] = JsonWord.Of(e.Layer), ["rule"] = e.Rule }),
        LinkGroupOpened e => new("group_up", e.Group, e.Peer, JsonWord.Of(e.Role), new() { ["role"] = JsonWord.Of(e.Role) }),
        LinkGroupClosed e => new("group_down", e.Group, e.Peer, JsonWord.Of(e.Role), new() { ["role"] = JsonWord.Of(e.Role) }),
        DeviceUp e => new("device_up", "", "", $"{e.Device}, GID {e.Gid}", new() { ["device"] = e.Device, ["gid"] = e.Gid }),
        DeviceDown e => new("device_down", "", "", $"{e.Device}: {ReportText.Explain(e.Reason)}", new() { ["device"] = e.Device, ["code"] = CodeOf(e.Reason) }),
        _ => new(happened.GetType().Name, "", "", "", []),
    };

    private static EventLine Of(HandshakeEnded ended)
    {
        string took = string.Create(CultureInfo.InvariantCulture, $"{ended.Duration.TotalMilliseconds:0.0} ms");
        (string name, string says) = ended.Outcome switch
        {
            HandshakeOutcome.Smc => ("handshake", $"{ReportText.Mode(ended.Mode ?? SmcMode.SmcD)} in {took}"),
            HandshakeOutcome.Fallback => ("fallback", $"TCP in {took}: {ReportText.Explain(ended.Decision.Reason)} At {DecisionText.Of(ended.Decision)}."),
            _ => ("failed", $"{ended.Error} after {took}, at {ended.Decision.Step}"),
        };
        return new(name, "", $"{ended.Remote}", $"{JsonWord.Of(ended.Decision.Role)}; {says}", new()
        {
            ["role"] = JsonWord.Of(ended.Decision.Role),
            ["outcome"] = JsonWord.Of(ended.Outcome),
            ["mode"] = ended.Mode is { } mode ? ReportText.ModeCode(mode) : null,
            ["code"] = CodeOf(ended.Decision.Reason),
            ["step"] = JsonWord.Of(ended.Decision.Step),
            ["error"] = ended.Error.Length == 0 ? null : ended.Error,
            ["durationSeconds"] = SecondsOf(ended.Duration),
        });
    }

    private static string OnWhat(SmcMode mode, SmcReason reason, string group) =>
        mode == SmcMode.Tcp ? $"TCP, {ReportText.Code(reason)} {SmcReasons.ShortName(reason)}" : $"{ReportText.Mode(mode)}, link group {group}";

    private static string EndOf(ConnectionEnd end) => end switch
    {
        ConnectionEnd.Closed => "closed here",
        ConnectionEnd.Aborted => "aborted here",
        ConnectionEnd.Revoked => "aborted by an operator",
        ConnectionEnd.Reset => "reset by the peer",
        ConnectionEnd.PeerLost => "the peer is gone",
        ConnectionEnd.Violated => "the peer broke a rule",
        _ => "ended by the runtime",
    };

    private static string? CodeOf(SmcReason reason) => reason == SmcReason.None ? null : ReportText.Code(reason);

    private static double SecondsOf(TimeSpan span) => Math.Round(span.TotalSeconds, 6);
}
