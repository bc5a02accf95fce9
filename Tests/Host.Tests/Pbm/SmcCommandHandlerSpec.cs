using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Petabridge.Cmd;
using Smc.Actors.Inspection.Reports;
using Smc.Pbm;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Smc.Host.Tests.Pbm;

/// <summary>Whatever fails between a command and its answer, the client gets a final response, and the next command is answered.</summary>
public sealed class SmcCommandHandlerSpec : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TestProbe _inspector;
    private readonly TestProbe _client;

    public SmcCommandHandlerSpec()
    {
        _inspector = CreateTestProbe();
        _client = CreateTestProbe();
    }

    [Fact]
    public void A_command_is_a_question_and_its_answers_are_responses()
    {
        IActorRef handler = Handler(Long);
        Tell(handler, Command("connections", ("-m", "tcp"), ("-j", "")));
        Assert.Equal("connections", _inspector.ExpectMsg<Inquire>().Request.Command.Name);
        _inspector.Reply(new Answer(new Line("one\n"), IsFinal: false));
        Expect("one", isFinal: false, isError: false);
        _inspector.Reply(new Answer(new Line("two\n"), IsFinal: true));
        Expect("two", isFinal: true, isError: false);
    }

    [Fact]
    public void An_inspector_that_does_not_answer_is_not_waited_for()
    {
        Tell(Handler(TimeSpan.FromMilliseconds(50)), Command("info"));
        _inspector.ExpectMsg<Inquire>();
        Expect("The inspector has not answered for 0.05 s.", isFinal: true, isError: true);
    }

    [Fact]
    public void A_command_that_goes_on_ends_with_the_inspector()
    {
        Tell(Handler(Long), Command("tail"));
        _inspector.ExpectMsg<Inquire>();
        Sys.Stop(_inspector.Ref);
        Expect("The inspector has ended.", isFinal: true, isError: true);
    }

    [Fact]
    public void The_log_is_told_which_session_asks()
    {
        Tell(Handler(Long), Command("info"));
        Assert.Equal($"a session of pbm, {_client.Ref.Path.ToStringWithAddress()}", _inspector.ExpectMsg<Inquire>().Viewer.Name);
    }

    [Theory]
    [InlineData("on", 1)]
    [InlineData("off", 0)]
    public void Who_lets_a_port_change_something_is_warned(string allowed, int warnings)
    {
        using var system = ActorSystem.Create("warned", $"akka.loglevel = WARNING, akka.stdout-loglevel = OFF, smc.inspection.allow-mutations = {allowed}");
        var log = new TestKit(system).CreateTestProbe();
        system.EventStream.Subscribe(log.Ref, typeof(Akka.Event.Warning));
        Petabridge.Cmd.Host.PetabridgeCmd.Get(system).RegisterCommandPalette(new SmcCommands(ActorRefs.Nobody));
        for (int i = 0; i < warnings; i++) Assert.Contains("smc.inspection.allow-mutations is on", $"{log.ExpectMsg<Akka.Event.Warning>().Message}", StringComparison.Ordinal);
        log.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_question_that_fails_ends_with_an_error_and_disturbs_no_other()
    {
        IActorRef handler = Handler(Long);
        Tell(handler, Command("info"));
        _inspector.ExpectMsg<Inquire>();
        IActorRef first = _inspector.Sender;
        Tell(handler, Command("stats"));
        _inspector.ExpectMsg<Inquire>();
        IActorRef second = _inspector.Sender;
        first.Tell(new Answer(new Damaged(), IsFinal: true));
        Expect("The question could not be answered.", isFinal: true, isError: true);
        second.Tell(new Answer(new Line("stats\n"), IsFinal: true));
        Expect("stats", isFinal: true, isError: false);
    }

    [Fact]
    public void A_handler_that_fails_says_so_and_answers_the_next()
    {
        IActorRef handler = Handler(Long);
        Tell(handler, new Command("smc", "info", [null!]));
        Assert.StartsWith("The command failed: ", _client.ExpectMsg<ErroredCommandResponse>().Msg, StringComparison.Ordinal);
        Tell(handler, Command("info"));
        _inspector.ExpectMsg<Inquire>();
        _inspector.Reply(new Answer(new Line("info\n"), IsFinal: true));
        Expect("info", isFinal: true, isError: false);
    }

    [Fact]
    public void What_cannot_be_asked_is_said_at_once()
    {
        Tell(Handler(Long), Command("connections", ("-m", "rdma")));
        Expect("-m must be smcd or smcr or tcp, was 'rdma'.", isFinal: true, isError: true);
    }

    private static Command Command(string name, params (string Switch, string Value)[] arguments) =>
        new("smc", name, [.. arguments.Select(argument => Tuple.Create(argument.Switch, argument.Value))]);

    private IActorRef Handler(TimeSpan patience)
    {
        CommandPalette palette = new SmcCommands(_inspector).Palette;
        return Sys.ActorOf(Props.Create(() => new SmcCommandHandlerActor(palette, _inspector.Ref, patience)));
    }

    private void Tell(IActorRef handler, Command command) => handler.Tell(command, _client);

    private void Expect(string text, bool isFinal, bool isError)
    {
        CommandResponse response = isError ? _client.ExpectMsg<ErroredCommandResponse>() : _client.ExpectMsg<CommandResponse>();
        Assert.Equal((text, isFinal, isError), (response.Msg, response.Final, response.IsError));
    }

    private sealed class Line(string text) : SmcReport
    {
        public override string ToText(int width) => text;

        public override JsonObject ToJson() => new() { ["text"] = text };

        protected override ReadOnlySequence<byte> ToJsonBytes() => new(Encoding.UTF8.GetBytes(text));
    }

    private sealed class Damaged : SmcReport
    {
        public override string ToText(int width) => throw new InvalidOperationException("damaged");

        public override JsonObject ToJson() => throw new InvalidOperationException("damaged");
    }
}
