using System.Net;
using Actors.Tests.Harness;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

/// <summary>What the log says of fallbacks.</summary>
public sealed class FallbackWarningsSpec : TestKit
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 8080);

    private readonly SteppedTime _time = new();
    private readonly FallbackWarnings _warnings;

    public FallbackWarningsSpec()
        : base("smc.rendezvous.folder = \"fallback-warnings-spec-must-not-exist\"") =>
        _warnings = new FallbackWarnings(Logging.GetLogger(Sys, typeof(FallbackWarnings)), Interval, _time);

    [Fact]
    public void The_warning_names_peer_reason_code_step_sentence_and_remedy() =>
        EventFilter.Warning(message:
            "Connections with 10.0.0.7:5000 use TCP: PeerDeclined (0x05000000; the peer's own 0x030d0000), decided by the server at Proposal. "
            + "The peer declined; its own diagnosis says why. Lower the number of connections, or raise the limit of DMBs. "
            + "Not told since the last warning: 0 like it, 0 of peers that the table has no room for.")
            .ExpectOne(() => FallBack(new HandshakeDecision(ConnectionRole.Client, HandshakeStep.Proposal, ConnectionRole.Server, SmcReason.PeerDeclined, SmcReason.MaxDmb), Server(7)));

    [Fact]
    public void The_warning_has_its_values_as_properties_of_their_names()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        FallBack(Declined(SmcReason.MaxDmb), Server(7));
        var message = Assert.IsAssignableFrom<LogMessage>(ExpectMsg<Warning>().Message);
        string[] names = [.. System.Text.RegularExpressions.Regex.Matches(message.Format, @"\{(\w+)\}").Select(hole => hole.Groups[1].Value)];
        Assert.Equal(["Peer", "Reason", "Code", "PeerCode", "DecidedBy", "Step", "Sentence", "Remedy", "Suppressed", "Others"], names);
        Assert.Equal(
            ["10.0.0.7:5000", "MaxDmb", "0x030d0000", "-", "client", "Confirm", SmcReasons.Sentence(SmcReason.MaxDmb), SmcReasons.Remedy(SmcReason.MaxDmb), 0L, 0L],
            message.Parameters());
    }

    [Fact]
    public void A_peer_and_reason_are_warned_of_once_an_interval_with_how_many_were_like_it()
    {
        Warns("use TCP: MaxDmb", () => FallBack(Declined(SmcReason.MaxDmb), Server(7)));
        Warns("use TCP: OutOfMemory", () => FallBack(Declined(SmcReason.OutOfMemory), Server(7)));
        Warns("with 10.0.0.8:5000", () => FallBack(Declined(SmcReason.MaxDmb), Server(8)));
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Silent(() =>
        {
            for (int i = 0; i < 5; i++) FallBack(Declined(SmcReason.MaxDmb), Server(7));
        });
        _time.Advance(TimeSpan.FromTicks(1));
        Warns("5 like it", () => FallBack(Declined(SmcReason.MaxDmb), Server(7)));
        Silent(() => FallBack(Declined(SmcReason.MaxDmb), Server(7)));
    }

    [Fact]
    public void A_client_is_one_peer_whatever_its_port()
    {
        var decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.LookUp, ConnectionRole.Client, SmcReason.PeerNoSmc);
        Warns("with 10.0.0.7 use", () => FallBack(decision, new IPEndPoint(IPAddress.Parse("10.0.0.7"), 1)));
        Silent(() => FallBack(decision, new IPEndPoint(IPAddress.Parse("10.0.0.7"), 2)));
    }

    [Fact]
    public void Past_its_table_of_peers_a_fallback_is_counted_and_told_of_by_the_next_warning()
    {
        EventFilter.Warning(contains: "use TCP").Expect(FallbackWarnings.MostPairs, () =>
        {
            for (int i = 0; i < FallbackWarnings.MostPairs + 3; i++) FallBack(Declined(SmcReason.MaxDmb), Server(i));
        });
        _time.Advance(Interval);
        Warns("0 like it, 3 of peers", () => FallBack(Declined(SmcReason.MaxDmb), Server(70_000)));
        Warns("0 like it, 0 of peers", () => FallBack(Declined(SmcReason.MaxDmb), Server(70_001)));
    }

    [Fact]
    public void What_the_settings_ask_for_is_not_warned_of() =>
        Silent(() => FallBack(new HandshakeDecision(ConnectionRole.Client, HandshakeStep.Device, ConnectionRole.Client, SmcReason.SmcDisabled), Server(7)));

    [Fact]
    public void A_Proposal_that_comes_too_late_is_news_of_its_own() => Warns(
        "use TCP: SniffTimeout",
        () => _warnings.On(new LateProposal("c1", Local, Server(7), new HandshakeDecision(ConnectionRole.Server, HandshakeStep.FirstBytes, ConnectionRole.Server, SmcReason.SniffTimeout))));

    private static HandshakeDecision Declined(SmcReason reason) => new(ConnectionRole.Client, HandshakeStep.Confirm, ConnectionRole.Client, reason);

    private static IPEndPoint Server(int number) => new(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 5000);

    private void FallBack(HandshakeDecision decision, IPEndPoint peer) =>
        _warnings.On(new ConnectionOpened("c1", SmcMode.Tcp, Local, peer, decision, string.Empty));

    private void Warns(string what, Action action) => EventFilter.Warning(contains: what).ExpectOne(action);

    private void Silent(Action action) => EventFilter.Warning(contains: "use TCP").Expect(0, action);
}
