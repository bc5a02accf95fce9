using Akka.Actor;
using Akka.Event;
using Embedded.Tests.Actor;

namespace Embedded.Tests.TestKit;

public sealed class EventFilterTests() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = DEBUG")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Fewer_events_than_expected_fail_and_so_do_more()
    {
        Assert.ThrowsAny<Exception>(() => EventFilter.Warning(message: "w").Expect(2, Short, () => Log.Warning("w")));
        Assert.ThrowsAny<Exception>(() => EventFilter.Warning(message: "w").Expect(1, () =>
        {
            Log.Warning("w");
            Log.Warning("w");
            Barrier();
        }));
    }

    [Fact]
    public void None_can_be_expected()
    {
        EventFilter.Error().Expect(0, Short, () => Log.Warning("no error"));
        Assert.ThrowsAny<Exception>(() => EventFilter.Error().Expect(0, Short, () =>
        {
            Log.Error("an error");
            Barrier();
        }));
    }

    [Fact]
    public void A_dead_letter_is_an_event_too()
    {
        var echo = Watch(Sys.ActorOf(Props.Create(() => new Echo())));
        Sys.Stop(echo);
        ExpectTerminated(echo);
        EventFilter.DeadLetter<string>().ExpectOne(() => echo.Tell("late"));
        EventFilter.DeadLetter().Expect(2, () =>
        {
            echo.Tell(1);
            echo.Tell(2);
        });
    }

    [Fact]
    public void A_filter_of_ones_own_sees_the_event()
    {
        EventFilter.Custom<Info>(info => info.Message.ToString() == "mine").ExpectOne(() => Log.Info("mine"));
        EventFilter.Custom(logEvent => logEvent is Warning && logEvent.LogSource.Contains("here", StringComparison.Ordinal))
            .ExpectOne(() => Logging.GetLogger(Sys, "here").Warning("x"));
    }

    [Fact]
    public void Exceptions_match_by_type_message_and_where_they_were_logged()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()), "thrower");
        EventFilter.Exception<InvalidOperationException>(message: "no").ExpectOne(() => echo.Tell(new InvalidOperationException("no")));
        EventFilter.Exception(typeof(InvalidOperationException)).ExpectOne(() => echo.Tell(new InvalidOperationException("no")));
        Assert.ThrowsAny<Exception>(() => EventFilter.Exception<ArgumentException>().ExpectOne(Short, () => echo.Tell(new InvalidOperationException("no"))));
    }

    [Fact]
    public async Task An_asynchronous_block_is_awaited()
    {
        await EventFilter.Info(message: "after").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Log.Info("after");
        });
    }

    [Fact]
    public void A_result_comes_out_of_the_block()
    {
        int result = EventFilter.Info(message: "seven").ExpectOne(() =>
        {
            Log.Info("seven");
            return 7;
        });
        Assert.Equal(7, result);
    }

    [Fact]
    public void Muted_events_reach_no_logger_until_they_are_unmuted()
    {
        var filter = EventFilter.Warning(message: "quiet");
        using (filter.Mute())
        {
            Log.Warning("quiet");
            Barrier();
        }
        filter.ExpectOne(() => Log.Warning("quiet"));
    }

    /// <summary>What was logged before has reached the listener once a later event has.</summary>
    private void Barrier() => CreateEventFilter(Sys).Debug(message: "barrier").ExpectOne(() => Log.Debug("barrier"));
}
