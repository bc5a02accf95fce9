using System.Net;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.InspectionProtocol;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Inspection;

/// <summary>One watcher: what he hears, and what he does not.</summary>
public sealed class TailActorSpec : TestKit
{
    private readonly TestProbe _window;
    private readonly EventPublisher _events = new();

    public TailActorSpec()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"") => _window = CreateTestProbe();

    [Fact]
    public void Only_what_is_asked_for_is_told()
    {
        Begin("tail -i c17 -p 10.0.0.");
        Publish(Opened("c17", "10.0.0.9"), Opened("c18", "10.0.0.9"), Opened("c17", "10.0.1.9"), new DeviceUp("loopback-ism", "gid"), Opened("c17", "10.0.0.7"));
        Assert.Contains("10.0.0.9:51122", Next(), StringComparison.Ordinal);
        Assert.Contains("10.0.0.7:51122", Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_after_its_time_and_counts()
    {
        IActorRef tail = Watch(Begin("tail -s 30s"));
        Publish(Opened("c1", "127.0.0.1"), Opened("c2", "127.0.0.1"));
        Next();
        Next();
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("Count: 2 events\n", Last());
        ExpectTerminated(tail);
    }

    [Fact]
    public void A_window_that_has_seen_enough_gets_a_last_answer()
    {
        IActorRef tail = Watch(Begin("tail"));
        tail.Tell(Enough.Instance);
        Assert.Equal("Count: 0 events\n", Last());
        ExpectTerminated(tail);
    }

    [Fact]
    public void It_ends_with_its_window()
    {
        IActorRef tail = Watch(Begin("tail"));
        Sys.Stop(_window.Ref);
        ExpectTerminated(tail);
    }

    [Fact]
    public void A_window_that_takes_nothing_loses_what_is_too_much_and_is_told_how_much()
    {
        IActorRef tail = Begin("tail");   // one answer is on its way already
        const int atOnce = TailActor.MaxGiven - 1;
        const int lost = 1000;
        for (int i = 1; i <= atOnce + TailActor.MaxKept + lost; i++)
        {
            Publish(Opened($"c{i}", "127.0.0.1"));
            if (i % TailActor.MaxKept == 0) Settle(tail);   // all that its mailbox may hold
        }

        for (int i = 1; i <= atOnce; i++) Assert.Contains($" c{i} ", Next(), StringComparison.Ordinal);
        for (int i = 1; i <= TailActor.MaxKept; i++)
        {
            tail.Tell(Taken.Instance);
            Assert.Contains($" c{atOnce + i} ", Next(), StringComparison.Ordinal);
        }

        tail.Tell(Taken.Instance);
        Assert.Equal($"... {lost} events lost: this window takes them too slowly.\n", Next());
        tail.Tell(Taken.Instance);
        Publish(Opened("c9999", "127.0.0.1"));
        Assert.Contains(" c9999 ", Next(), StringComparison.Ordinal);
        tail.Tell(Enough.Instance);
        Assert.Equal($"Count: {atOnce + TailActor.MaxKept + 1} events; {lost} lost\n", Last());
    }

    [Fact]
    public void Of_a_storm_no_more_waits_for_it_than_it_can_keep_and_the_rest_is_counted()
    {
        IActorRef tail = CreateTestProbe().Ref;   // one that does nothing
        var intake = new TailIntake(tail, most: 3);
        for (int i = 1; i <= 10; i++) intake.On(Opened($"c{i}", "127.0.0.1"));
        Assert.Equal((3, 7), (intake.Waiting, intake.TakeLost()));
        intake.Take();
        intake.On(Opened("c11", "127.0.0.1"));
        Assert.Equal((3, 0), (intake.Waiting, intake.TakeLost()));
    }

    [Fact]
    public void What_is_lost_before_the_mailbox_is_told()
    {
        IActorRef tail = Begin("tail");
        const int storm = 100_000;
        for (int i = 1; i <= storm; i++) Publish(Opened($"c{i}", "127.0.0.1"));
        tail.Tell(Enough.Instance);
        Answer last = (Answer)_window.FishForMessage(message => message is Answer { IsFinal: true });
        JsonObject counted = last.Report.ToJson();
        Assert.Equal(storm, counted["count"]!.GetValue<long>() + counted["lost"]!.GetValue<long>());
    }

    [Fact]
    public void One_that_fails_says_so()
    {
        IActorRef tail = Watch(Begin("tail"));
        Sys.Stop(tail);   // as its parent does
        Assert.Equal("The inspector failed: this watch is over.\n", Last());
    }

    private static ConnectionOpened Opened(string id, string peer) =>
        new(id, SmcMode.SmcD, new IPEndPoint(IPAddress.Loopback, 8080), new IPEndPoint(IPAddress.Parse(peer), 51122), HandshakeDecision.Complete(ConnectionRole.Server), "00000100");

    /// <summary>Begins, and waits until it hears what happens.</summary>
    private IActorRef Begin(string command)
    {
        Assert.True(SmcPalette.TryParse(command.Split(' '), out SmcRequest? request, out string error), error);
        IActorRef tail = Sys.ActorOf(Props.Create(() => new TailActor(request!.Arguments, _window.Ref, _events)));
        Assert.Equal("", Next());
        return tail;
    }

    private void Publish(params RuntimeEvent[] happened)
    {
        foreach (RuntimeEvent one in happened) _events.Publish(one);
    }

    /// <summary>Returns when all that was published is out of its mailbox.</summary>
    private void Settle(IActorRef tail)
    {
        tail.Tell(new Identify(tail), TestActor);
        ExpectMsg<ActorIdentity>();
    }

    private string Next()
    {
        var answer = _window.ExpectMsg<Answer>();
        Assert.False(answer.IsFinal);
        return answer.Report.ToText(120);
    }

    private string Last()
    {
        var answer = _window.ExpectMsg<Answer>();
        Assert.True(answer.IsFinal);
        return answer.Report.ToText(120);
    }
}
