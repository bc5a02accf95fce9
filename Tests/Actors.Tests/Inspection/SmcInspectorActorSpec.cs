using Actors.Tests.Harness;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Actors.Tests.Inspection;

public sealed class SmcInspectorActorSpec : TestKit
{
    private readonly SteppedTime _time = new();
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
    public void An_inspector_that_fails_says_so_and_answers_the_next()
    {
        _fails = true;
        IActorRef inspector = Inspector();
        SmcReport report = Ask(inspector, "info");
        Assert.True(report.IsError);
        Assert.Equal("The inspector failed: no table\n", report.ToText(80));
        _fails = false;
        Assert.False(Ask(inspector, "info").IsError);
    }

    private IActorRef Inspector() => Sys.ActorOf(Props.Create(() => new SmcInspectorActor(Take, _time, SmcSupervisor.PropsOf)));

    private RuntimeSnapshot Take()
    {
        if (_fails) throw new InvalidOperationException("no table");
        _taken++;
        return Samples.Snapshot;
    }

    private SmcReport Ask(IActorRef inspector, string command)
    {
        Assert.True(SmcPalette.TryParse([command], out SmcRequest? request, out _));
        inspector.Tell(new Inquire(request!), TestActor);
        var answer = ExpectMsg<Answer>();
        Assert.True(answer.IsFinal);
        return answer.Report;
    }
}
