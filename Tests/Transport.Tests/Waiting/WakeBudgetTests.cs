using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Waiting;

public sealed class WakeBudgetTests
{
    private const long Now = 1_000_000;

    private WakeBudget _budget;

    [Fact]
    public void A_burst_is_free_and_the_next_one_costs_a_millisecond()
    {
        _budget.Count(Now, earned: 0, idle: WakeBudget.Burst);
        Assert.Equal(0, _budget.SpentFor(Now));
        _budget.Count(Now, earned: 0, idle: 1);
        Assert.Equal(1, _budget.SpentFor(Now));
        Assert.Equal(0, _budget.SpentFor(Now + 1));
    }

    [Fact]
    public void A_wake_up_with_a_reason_pays_for_one_without()
    {
        for (int i = 0; i < 1000; i++) _budget.Count(Now, earned: 1, idle: 1);
        Assert.InRange(_budget.SpentFor(Now), -WakeBudget.Burst, -WakeBudget.Burst + 1);
    }

    [Fact]
    public void A_turn_of_many_costs_a_moment_and_the_next_no_more_than_another()
    {
        _budget.Count(Now, earned: 0, idle: 255);
        Assert.Equal(WakeBudget.Longest, _budget.SpentFor(Now));
        _budget.Count(Now + WakeBudget.Longest, earned: 0, idle: 255);
        Assert.Equal(WakeBudget.Longest, _budget.SpentFor(Now + WakeBudget.Longest));
    }

    [Fact]
    public void Neither_time_nor_reasons_save_up_more_than_a_burst()
    {
        _budget.Count(Now, earned: 1_000_000, idle: 0);
        _budget.Count(Now + 1_000_000, earned: 0, idle: WakeBudget.Burst + 3);
        Assert.Equal(3, _budget.SpentFor(Now + 1_000_000));
    }
}
