using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Actors.Connections;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.InspectionProtocol;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Actors.Tests.Inspection;

/// <summary>The inspector, on virtual time; whose the things are is played by a probe.</summary>
public sealed class SmcInspectorActorSpec() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""), ISmcConnector
{
    private static readonly InspectionViewer One = InspectionViewer.Process(17, 1000);
    private static readonly InspectionViewer Another = InspectionViewer.Process(18, 0);

    private readonly SteppedTime _time = new();
    private TestProbe _owner = null!;
    private RuntimeSnapshot _snapshot = Samples.Snapshot;
    private int _taken;
    private bool _fails;

    [Fact]
    public void Many_who_ask_at_once_share_one_snapshot_and_later_ones_get_a_later_one()
    {
        IActorRef inspector = Inspector();
        for (int i = 0; i < 100; i++) Ask(inspector, "connections");
        Assert.Equal(1, _taken);
        _time.Advance(SmcInspectorActor.MaxAge);
        Assert.False(Ask(inspector, "info").IsError);
        Assert.Equal(2, _taken);
    }

    [Fact]
    public void Who_asks_the_same_of_the_same_moment_gets_the_same_report_which_is_rendered_once()
    {
        IActorRef inspector = Inspector();
        SmcReport first = Ask(inspector, "connections");
        Assert.Same(first, Ask(inspector, "connections"));
        Assert.NotSame(first, Ask(inspector, "connections -m tcp"));
        Assert.NotSame(first, Ask(inspector, "top"));
        Assert.True(first.ToUtf8(asJson: false, 80).Equals(first.ToUtf8(asJson: false, 80)));
        Assert.False(first.ToUtf8(asJson: false, 80).Equals(first.ToUtf8(asJson: false, 120)));
        Assert.Equal(first.ToText(120), Encoding.UTF8.GetString(first.ToUtf8(asJson: false, 120)));
        Assert.True(first.ToUtf8(asJson: true, 80).Equals(first.ToUtf8(asJson: true, 120)));
        _time.Advance(SmcInspectorActor.MaxAge);
        Assert.NotSame(first, Ask(inspector, "connections"));
    }

    [Fact]
    public void Who_has_reset_nothing_shares_the_report_of_what_is_counted_since_the_start()
    {
        IActorRef inspector = Inspector();
        SmcReport first = Ask(inspector, "stats", One);
        Assert.Same(first, Ask(inspector, "stats", Another));
        Ask(inspector, "stats-reset", One);
        Assert.NotSame(first, Ask(inspector, "stats", One));
        Assert.Same(first, Ask(inspector, "stats", Another));
        SmcReport absolute = Ask(inspector, "stats -a", One);
        Assert.Same(absolute, Ask(inspector, "stats -a", Another));
        Assert.Equal(1, _taken);
    }

    [Fact]
    public void What_is_asked_is_told_apart_by_its_switches_and_their_words_and_not_by_their_order()
    {
        IActorRef inspector = Inspector();
        SmcReport first = AskWords(inspector, "connections", "-p", "10.", "-a");
        Assert.Same(first, AskWords(inspector, "connections", "-a", "-p", "10."));
        Assert.NotSame(first, AskWords(inspector, "connections", "-p", "10. -a"));
    }

    [Fact]
    public async Task A_snapshot_that_nobody_asks_for_any_more_is_not_kept()
    {
        IActorRef inspector = Inspector(allowMutations: false);
        WeakReference kept = AskOnce(inspector);
        Ask(inspector, "ueid-flush");   // refused: the answer that a mailbox remembers is not of the snapshot
        _time.Advance(SmcInspectorActor.MaxAge);
        ((TestScheduler)Sys.Scheduler).Advance(SmcInspectorActor.MaxAge);
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                return !kept.IsAlive;
            },
            "the snapshot to be forgotten");
        Assert.False(Ask(inspector, "connections").IsError);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AskOnce(IActorRef inspector)
    {
        _snapshot = Samples.Snapshot with { Taken = Samples.Snapshot.Taken };   // one that nobody else has
        var kept = new WeakReference(_snapshot);
        Ask(inspector, "connections");
        Ask(inspector, "top");
        _snapshot = Samples.Snapshot;
        return kept;
    }

    [Fact]
    public void An_inspector_that_fails_says_so_and_answers_the_next()
    {
        _fails = true;
        IActorRef inspector = Inspector();
        Assert.Equal("The inspector failed: no table\n", Refusal(Ask(inspector, "info")));
        _fails = false;
        Assert.False(Ask(inspector, "info").IsError);
    }

    [Theory]
    [InlineData("ueid-add -e TEAM.B")]
    [InlineData("ueid-del -e TEAM.B")]
    [InlineData("ueid-flush")]
    [InlineData("pnet-add -P NETA")]
    [InlineData("pnet-del -P NETA")]
    [InlineData("pnet-flush")]
    [InlineData("linkgroup-drain -g 100")]
    [InlineData("connection-abort -i c1")]
    [InlineData("stats-reset")]
    public void Nothing_is_changed_unless_the_settings_allow_it(string command)
    {
        IActorRef inspector = Inspector(allowMutations: false);
        string name = command.Split(' ')[0];
        Assert.Equal($"{name} changes something, and smc.inspection.allow-mutations is off in this process: set it to on to allow it.\n", Refusal(Ask(inspector, command)));
        Assert.False(Ask(inspector, "info").IsError);
        _owner.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Every_change_is_logged_with_who_wanted_it()
    {
        IActorRef inspector = Inspector(allowMutations: false);
        EventFilter.Info(start: "'linkgroup-drain -g 100' refused to process 17 of uid 1000.").ExpectOne(() =>
        {
            for (int i = 0; i < 100; i++) Ask(inspector, "linkgroup-drain -g 100", One);
        });
        IActorRef allowing = Inspector();
        EventFilter.Info("'stats-reset' wanted by process 18 of uid 0.").ExpectOne(() => Ask(allowing, "stats-reset", Another));
    }

    [Theory]
    [InlineData("ueid-add -e TEAM.B", typeof(AddUeid))]
    [InlineData("ueid-del -e TEAM.B", typeof(DeleteUeid))]
    [InlineData("ueid-flush", typeof(FlushUeids))]
    [InlineData("linkgroup-drain -g 1f0", typeof(DrainLinkGroup))]
    public void A_change_is_made_by_whose_it_is_and_its_outcome_is_the_answer(string command, Type message)
    {
        IActorRef inspector = Inspector();
        Tell(inspector, command);
        Assert.IsType(message, _owner.ReceiveOne(RemainingOrDefault));
        _owner.Reply(new Outcome(IsDone: true, "So it is."));
        Assert.Equal("So it is.\n", Answer().ToText(80));

        Tell(inspector, command);
        _owner.ReceiveOne(RemainingOrDefault);
        _owner.Reply(new Outcome(IsDone: false, "It cannot be."));
        Assert.Equal("It cannot be.\n", Refusal(Answer()));
    }

    [Fact]
    public void Who_has_changed_something_sees_it_at_once()
    {
        IActorRef inspector = Inspector();
        Ask(inspector, "ueid-show");
        Tell(inspector, "ueid-flush");
        _owner.ExpectMsg<FlushUeids>();
        _owner.Reply(new Outcome(IsDone: true, "Gone."));
        Answer();
        Ask(inspector, "ueid-show");
        Assert.Equal(2, _taken);
    }

    [Fact]
    public void Whose_it_is_may_not_keep_an_operator_waiting()
    {
        IActorRef inspector = Inspector();
        Tell(inspector, "ueid-flush");
        _owner.ExpectMsg<FlushUeids>();
        ((TestScheduler)Sys.Scheduler).Advance(MutationActor.Patience);
        Assert.StartsWith("It is not known whether that was done", Refusal(Answer()), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_of_what_comes_with_another_version_say_so_in_words() =>
        Assert.Equal("PNETIDs come with SMC-R, which this version does not have.\n", Refusal(Ask(Inspector(), "pnet-add -P NETA -I eth0")));

    [Fact]
    public void A_connection_that_is_not_there_cannot_be_aborted() =>
        Assert.Equal("There is no open connection 'c9'; smc connections lists them.\n", Refusal(Ask(Inspector(), "connection-abort -i c9")));

    [Theory]
    [InlineData("tail -i c99")]
    [InlineData("tail -i 0000ffff -s 30s")]
    public void Who_would_watch_what_is_not_there_is_told_at_once(string command)
    {
        string id = command.Split(' ')[2];
        Assert.Equal($"There is no connection or link group '{id}'; smc connections and smc linkgroups list them.\n", Refusal(Ask(Inspector(), command)));
    }

    [Fact]
    public void What_has_come_since_the_last_snapshot_is_there_to_be_watched()
    {
        IActorRef inspector = Inspector();
        Ask(inspector, "info");
        _snapshot = _snapshot with { Connections = [.. _snapshot.Connections, _snapshot.Connections[0] with { Id = "c99" }] };
        foreach (string id in (string[])["c99", _snapshot.Connections[0].Id, _snapshot.LinkGroups[0].Id])
        {
            Tell(inspector, $"tail -i {id}");
            Assert.False(ExpectMsg<Answer>().IsFinal);   // it watches
        }
    }

    [Fact]
    public void A_reset_is_its_viewers_alone()
    {
        IActorRef inspector = Inspector();
        Assert.Equal("The stats of uid 1000 count from now on; smc stats -a counts since the start.\n", Ask(inspector, "stats-reset", One).ToText(100));
        _time.Advance(SmcInspectorActor.MaxAge);
        DateTime later = _snapshot.Taken + TimeSpan.FromSeconds(90);
        _snapshot = _snapshot with { Taken = later, Totals = _snapshot.Totals with { Taken = later } };
        Assert.EndsWith("Count: 2 modes; 0 fallbacks since your stats-reset 1m30s ago", Footer(Ask(inspector, "stats", One)), StringComparison.Ordinal);
        Assert.EndsWith("Count: 2 modes; 16 fallbacks since the start", Footer(Ask(inspector, "stats -a", One)), StringComparison.Ordinal);
        Assert.EndsWith("Count: 2 modes; 16 fallbacks since the start", Footer(Ask(inspector, "stats", Another)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_is_answered_when_its_time_is_over()
    {
        IActorRef inspector = Inspector();
        Tell(inspector, "stats -s 10s");
        Ask(inspector, "info");   // barrier: the sample has begun
        DateTime later = _snapshot.Taken + TimeSpan.FromSeconds(10);
        _snapshot = _snapshot with { Taken = later, Totals = _snapshot.Totals with { Taken = later } };
        _time.Advance(TimeSpan.FromSeconds(10));
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(10));
        Assert.EndsWith("Count: 2 modes; 0 fallbacks in 10s", Footer(Answer()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_is_tried_out_by_whoever_connects()
    {
        IActorRef inspector = Inspector();
        Assert.Equal("127.0.0.1:7 cannot be reached: nobody listens there.\n", Refusal(Ask(inspector, "check -a 127.0.0.1:7")));
    }

    [Fact]
    public void The_log_says_who_tried_what_out_and_no_word_forges_a_line_of_it()
    {
        IActorRef inspector = Inspector();
        EventFilter.Info("'check -a 127.0.0.1:7' wanted by process 17 of uid 1000.").ExpectOne(() => Ask(inspector, "check -a 127.0.0.1:7", One));
        EventFilter.Info("'connection-abort -i c9\\x0aforged' wanted by process 17 of uid 1000.").ExpectOne(() => Ask(inspector, "connection-abort -i c9\nforged", One));
    }

    ValueTask<SmcStream> ISmcConnector.ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken) => throw new SocketException((int)SocketError.ConnectionRefused);

    private static string Footer(SmcReport report) => report.ToText(120).Split('\n').First(line => line.StartsWith("Count:", StringComparison.Ordinal));

    private static string Refusal(SmcReport report)
    {
        Assert.True(report.IsError);
        return report.ToText(160);
    }

    private IActorRef Inspector(bool allowMutations = true)
    {
        _owner = CreateTestProbe();
        ActorSelection owner = Sys.ActorSelection(_owner.Ref.Path);
        PropsFactory props = (actor, arguments) => Props.Create(actor, arguments);
        var runtime = new InspectedRuntime(Take, _time, new InspectionSettings(allowMutations), this, new MutationTargets(owner, owner, new ConnectionTable()), new EventPublisher(), props);
        return Sys.ActorOf(Props.Create(() => new SmcInspectorActor(runtime)));
    }

    private RuntimeSnapshot Take()
    {
        if (_fails) throw new InvalidOperationException("no table");
        _taken++;
        return _snapshot;
    }

    private SmcReport Ask(IActorRef inspector, string command, InspectionViewer? viewer = null)
    {
        Tell(inspector, command, viewer);
        return Answer();
    }

    private SmcReport AskWords(IActorRef inspector, params string[] words)
    {
        TellWords(inspector, viewer: null, words);
        return Answer();
    }

    private void Tell(IActorRef inspector, string command, InspectionViewer? viewer = null) => TellWords(inspector, viewer, command.Split(' '));

    private void TellWords(IActorRef inspector, InspectionViewer? viewer, params string[] words)
    {
        Assert.True(SmcPalette.TryParse(words, out SmcRequest? request, out string error), error);
        inspector.Tell(new Inquire(request!) { Viewer = viewer ?? InspectionViewer.Program }, TestActor);
    }

    private SmcReport Answer()
    {
        var answer = ExpectMsg<Answer>();
        Assert.True(answer.IsFinal);
        return answer.Report;
    }
}
