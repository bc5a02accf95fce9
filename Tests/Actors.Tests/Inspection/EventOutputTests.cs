using System.Diagnostics;
using System.Net;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Protocol;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Inspection;

/// <summary>What <c>smc tail</c> prints, to the letter.</summary>
public sealed class EventOutputTests
{
    private static readonly DateTime At = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
    private static readonly IPEndPoint Local = new(IPAddress.Parse("10.0.0.4"), 8080);
    private static readonly IPEndPoint Remote = new(IPAddress.Parse("10.0.0.9"), 51122);
    private static readonly HandshakeDecision Done = HandshakeDecision.Complete(ConnectionRole.Server);
    private static readonly HandshakeDecision Refused = new(ConnectionRole.Client, HandshakeStep.Accept, ConnectionRole.Server, SmcReason.PeerDeclined, SmcReason.MaxDmb);

    private static readonly RuntimeEvent[] Events =
    [
        new DeviceUp("loopback-ism", "00112233-4455-6677-8899-aabbccddeeff") { At = At },
        new LinkGroupOpened("00000100", ConnectionRole.Server, "ffeeddcc-bbaa-9988-7766-554433221100") { At = At },
        new HandshakeEnded(HandshakeOutcome.Smc, Done, Local, Remote, SmcMode.SmcD, "", At, TimeSpan.FromMilliseconds(3.14), [], default(ActivityContext)) { At = At },
        new HandshakeEnded(HandshakeOutcome.Fallback, Refused, Local, Remote, SmcMode.Tcp, "", At, TimeSpan.FromMilliseconds(12), [], default(ActivityContext)) { At = At },
        new HandshakeEnded(HandshakeOutcome.Failed, Done, Local, Remote, null, "ConnectionReset", At, TimeSpan.FromSeconds(6), [], default(ActivityContext)) { At = At },
        new ConnectionOpened("c17", SmcMode.SmcD, Local, Remote, Done, "00000100") { At = At },
        new ConnectionOpened("c18", SmcMode.Tcp, Local, Remote, Refused, "") { At = At },
        new LateProposal("c18", Local, Remote, Refused) { At = At },
        new ConnectionClosed("c17", SmcMode.SmcD, Local, Remote, ConnectionRole.Server, ConnectionEnd.PeerLost, TimeSpan.FromSeconds(252), 1_153_434, 10_276_045) { At = At },
        new RuleBroken(RuleLayer.Ring, "ProducerBeyondWindow", "ffeeddcc-bbaa-9988-7766-554433221100") { At = At },
        new LinkGroupClosed("00000100", ConnectionRole.Server, "ffeeddcc-bbaa-9988-7766-554433221100") { At = At },
        new DeviceDown("loopback-ism", SmcReason.NoSmcdDevice) { At = At },
    ];

    [Theory]
    [InlineData("tail-120.txt", 120)]
    [InlineData("tail-80.txt", 80)]
    public void Each_event_is_a_paragraph(string name, int width) => Check(name, Reports().Select(report => report.ToText(width)), width);

    [Fact]
    public void And_a_line_of_JSON() => Check("tail.json", Reports().Select(report => report.ToJsonText()), int.MaxValue);

    [Fact]
    public void None_is_left_out() =>
        Assert.Equal(
            typeof(RuntimeEvents).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RuntimeEvent))).Select(type => type.Name).Order(),
            Events.Select(happened => happened.GetType().Name).Distinct().Order());

    private static IEnumerable<SmcReport> Reports() => [.. Events.Select(happened => new EventReport(happened)), new WatchReport(12, 3, isEnd: false), new WatchReport(12, 3, isEnd: true)];

    private static void Check(string name, IEnumerable<string> lines, int width)
    {
        string text = string.Concat(lines);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        GoldenFile.Check(name, text);
    }
}
