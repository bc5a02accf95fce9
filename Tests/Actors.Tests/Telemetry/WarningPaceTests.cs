using Smc.Actors.Telemetry;

namespace Actors.Tests.Telemetry;

public sealed class WarningPaceTests
{
    [Fact]
    public void The_first_goes_through_and_then_one_an_interval_with_the_number_of_those_held_back()
    {
        var pace = new WarningPace();
        var now = TimeSpan.FromDays(3);
        Assert.True(pace.TryTake(now, out long heldBack));
        Assert.Equal(0, heldBack);
        for (int i = 0; i < 1000; i++) Assert.False(pace.TryTake(now + (i * (WarningPace.Interval / 1001)), out _));
        Assert.True(pace.TryTake(now + WarningPace.Interval, out heldBack));
        Assert.Equal(1000, heldBack);
        Assert.False(pace.TryTake(now + WarningPace.Interval, out _));
        Assert.True(pace.TryTake(now + (3 * WarningPace.Interval), out heldBack));
        Assert.Equal(1, heldBack);
    }
}
