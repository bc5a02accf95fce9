using Smc.Actors.Devices;

namespace Actors.Tests.Supervision;

/// <summary>So many restarts within a window, by a clock that the test owns.</summary>
public sealed class RestartBudgetTests
{
    private const int Most = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly RestartBudget _budget = new(Most, Window);
    private TimeSpan _now = TimeSpan.FromDays(1);

    [Fact]
    public void One_more_than_the_limit_within_the_window_is_refused()
    {
        for (int i = 0; i < Most; i++) Assert.True(_budget.TryTake(_now));
        Assert.False(_budget.TryTake(_now + Window - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void The_limit_again_and_again_in_every_window_is_granted()
    {
        for (int i = 0; i < 5 * Most; i++)
        {
            Assert.True(_budget.TryTake(_now));
            _now += Window / Most;
        }
    }

    [Fact]
    public void A_refusal_takes_nothing_and_the_window_moves()
    {
        for (int i = 0; i < 3 * Most; i++) Assert.Equal(i < Most, _budget.TryTake(_now));
        Assert.True(_budget.TryTake(_now + Window));
    }
}
