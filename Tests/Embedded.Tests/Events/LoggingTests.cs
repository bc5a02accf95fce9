using Akka.Actor;
using Akka.Event;
using Embedded.Tests.Actor;
using Serilog;
using Serilog.Core;

namespace Embedded.Tests.Events;

public sealed class LoggingTests() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = DEBUG")
{
    [Fact]
    public void Filters_match_level_text_and_source()
    {
        var log = Logging.GetLogger(Sys, "here");
        EventFilter.Debug(message: "a 1").ExpectOne(() => log.Debug("a {0}", 1));
        EventFilter.Info(start: "be").ExpectOne(() => log.Info("begin"));
        EventFilter.Warning(contains: "mid").ExpectOne(() => log.Warning("a middle"));
        EventFilter.Error().Expect(2, () =>
        {
            log.Error("one");
            log.Error(new InvalidOperationException(), "two {0}", 2);
        });
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => log.Error(new InvalidOperationException("x"), "y"));
    }

    [Fact]
    public void A_missing_event_fails_the_test()
    {
        Assert.ThrowsAny<Exception>(() => EventFilter.Info(message: "never").ExpectOne(TimeSpan.FromMilliseconds(20), () => { }));
    }

    [Fact]
    public void An_actors_failure_is_logged_under_its_path()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()), "failing");
        EventFilter.Exception<InvalidOperationException>(source: echo.Path.ToString()).ExpectOne(() => echo.Tell(new InvalidOperationException("x")));
    }

    [Fact]
    public void Events_reach_subscribers_of_their_base_classes_until_these_unsubscribe()
    {
        Sys.EventStream.Subscribe<LogEvent>(TestActor);
        var log = Logging.GetLogger(Sys, "here");
        log.Info("seen");
        ExpectMsg<Info>(info => info.Message.ToString() == "seen");
        Assert.True(Sys.EventStream.Unsubscribe(TestActor, typeof(LogEvent)));
        Assert.False(Sys.EventStream.Unsubscribe(TestActor, typeof(LogEvent)));
        log.Info("unseen");
        TestActor.Tell("end");
        ExpectMsg("end");
    }

    [Fact]
    public async Task Serilog_gets_level_source_and_template()
    {
        var sink = new Sink();
        Serilog.Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(sink).CreateLogger();
        var system = ActorSystem.Create("logged", "akka { loggers = [\"Akka.Logger.Serilog.SerilogLogger, Akka.Logger.Serilog\"], loglevel = INFO }");
        Logging.GetLogger(system, "here").Warning("Link {LinkId} is down", 7);
        var logged = await sink.FirstAsync("Link {LinkId} is down").WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Serilog.Events.LogEventLevel.Warning, logged.Level);
        Assert.Equal("7", logged.Properties["LinkId"].ToString());
        Assert.Contains("here", logged.Properties["LogSource"].ToString(), StringComparison.Ordinal);
        await system.Terminate();
    }

    private sealed class Sink : ILogEventSink
    {
        private readonly System.Threading.Channels.Channel<Serilog.Events.LogEvent> _events =
            System.Threading.Channels.Channel.CreateUnbounded<Serilog.Events.LogEvent>();

        public void Emit(Serilog.Events.LogEvent logEvent) => _events.Writer.TryWrite(logEvent);

        public async Task<Serilog.Events.LogEvent> FirstAsync(string template)
        {
            while (true)
            {
                var logEvent = await _events.Reader.ReadAsync();
                if (logEvent.MessageTemplate.Text == template)
                {
                    return logEvent;
                }
            }
        }
    }
}
