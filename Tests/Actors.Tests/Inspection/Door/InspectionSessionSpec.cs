using System.Runtime.Versioning;
using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Smc.Actors.Inspection.Door;
using Smc.Actors.Inspection.Reports;
using Smc.Transport.Interop.Linux;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Actors.Tests.Inspection.Door;

/// <summary>One visitor on virtual time.</summary>
[SupportedOSPlatform("linux")]
public sealed class InspectionSessionSpec : TestKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smc-actors-tests-").FullName;
    private readonly LocalDoor _door;
    private readonly TestProbe _inspector;

    public InspectionSessionSpec()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _door = LocalDoor.TryOpen(_folder, out _)!;
        _inspector = CreateTestProbe();
    }

    [Fact]
    public async Task Who_asks_nothing_is_shown_out()
    {
        (LocalVisitor visitor, IActorRef session) = await EnterAsync();
        await Eventually.TrueAsync(() => IsOver(InspectionSessionActor.Patience), "the session ends");
        ExpectTerminated(session);
        Assert.Equal(0, await visitor.Stream.ReadAsync(new byte[1]).AsTask().Guard());
    }

    [Fact]
    public async Task Who_waits_hears_that_he_is_not_forgotten_until_the_inspector_is_given_up()
    {
        (LocalVisitor visitor, IActorRef session) = await EnterAsync();
        await visitor.Stream.WriteAsync(InspectionFrames.Request(80, ["info"]));
        _inspector.ExpectMsg<Inquire>();
        Task<int> heard = HearAsync(new InspectionReader(visitor.Stream));
        await Eventually.TrueAsync(() => IsOver(InspectionFrames.Silence), "the session ends");
        ExpectTerminated(session);
        Assert.InRange(await heard.Guard(), 1, InspectionSessionActor.Patience / InspectionFrames.Silence);

        static async Task<int> HearAsync(InspectionReader reader)
        {
            int count = 0;
            try
            {
                while (await reader.ReadAnswerAsync(CancellationToken.None) is (FrameKind.More, "")) count++;
                return -1;
            }
            catch (EndOfStreamException)
            {
                return count;
            }
        }
    }

    [Fact]
    public async Task Who_does_not_read_is_shown_out_although_the_inspector_answers()
    {
        (LocalVisitor visitor, IActorRef session) = await EnterAsync();
        await visitor.Stream.WriteAsync(InspectionFrames.Request(80, ["info"]));
        _inspector.ExpectMsg<Inquire>();
        _inspector.Reply(new Answer(new ErrorReport(new string('x', 10_000_000)), IsFinal: false));   // more than a socket holds
        await Eventually.TrueAsync(() => IsOver(InspectionSessionActor.Patience), "the session ends");
        ExpectTerminated(session);
    }

    [Fact]
    public async Task Who_asks_again_before_the_first_answer_of_one_that_goes_on_has_seen_enough_of_it()
    {
        (LocalVisitor visitor, _) = await EnterAsync();
        await visitor.Stream.WriteAsync((byte[])[.. InspectionFrames.Request(80, ["tail"]), .. InspectionFrames.Request(80, ["info"])]);
        Assert.Equal("tail", _inspector.ExpectMsg<Inquire>().Request.Command.Name);
        IActorRef session = _inspector.Sender;
        session.Tell(new Answer(new SilentReport(), IsFinal: false), _inspector);
        _inspector.FishForMessage(message => message is Enough);   // that the first is taken may come before it
        session.Tell(new Answer(new WatchReport(0, 0, isEnd: true), IsFinal: true), _inspector);
        Assert.Equal("info", ((Inquire)_inspector.FishForMessage(message => message is Inquire)).Request.Command.Name);
    }

    [Fact]
    public async Task Who_leaves_while_he_is_being_answered_is_noticed()
    {
        (LocalVisitor visitor, IActorRef session) = await EnterAsync();
        await visitor.Stream.WriteAsync(InspectionFrames.Request(80, ["info"]));
        _inspector.ExpectMsg<Inquire>();
        visitor.Dispose();
        ExpectTerminated(session);
    }

    protected override void AfterAll()
    {
        _door.Dispose();
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(LocalVisitor Visitor, IActorRef Session)> EnterAsync()
    {
        Task<LocalVisitor?> taking = _door.AcceptAsync();
        LocalVisitor visitor = LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(_folder)))!;
        LocalVisitor taken = (await taking.Guard())!;
        return (visitor, Watch(Sys.ActorOf(Props.Create(() => new InspectionSessionActor(taken, _inspector.Ref)))));
    }

    /// <summary>Lets time pass, and looks: a timer may be set a moment later.</summary>
    private bool IsOver(TimeSpan after)
    {
        ((TestScheduler)Sys.Scheduler).Advance(after);
        return HasMessages;
    }
}
