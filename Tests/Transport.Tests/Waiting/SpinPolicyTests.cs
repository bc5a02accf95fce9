using System.Diagnostics;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Waiting;

public sealed class SpinPolicyTests
{
    private const int LongestMicroseconds = 200;
    private const int FirstMicroseconds = LongestMicroseconds / 4;
    private const int StreakMicroseconds = LongestMicroseconds / 2;
    private const int LossesToNone = 4;   // 50, 25, 12.5, 6.25 microseconds

    private static readonly long Microsecond = Stopwatch.Frequency / 1_000_000;
    private static readonly long Millisecond = 1000 * Microsecond;

    [Fact]
    public void It_begins_with_a_quarter_of_its_patience() => Assert.Equal(FirstMicroseconds * Microsecond, new SpinPolicy(LongestMicroseconds).Begin());

    [Fact]
    public void Sleeping_long_halves_the_patience_down_to_none()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        long patience = policy.Begin();
        int losses = 0;
        while (patience > 0)
        {
            Lose(ref policy);
            losses++;
            long next = policy.Begin();
            Assert.True(next == 0 || next == patience / 2, $"{patience} became {next}.");
            patience = next;
        }

        Assert.Equal(LossesToNone, losses);
        Assert.Equal((0L, LossesToNone), (policy.Wins, policy.Losses));
    }

    [Fact]
    public void Waits_that_no_spin_meets_turn_it_off_however_short_their_sleeps_are()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        long spun = 0;
        for (int i = 0; i < 10_000; i++)
        {
            spun += policy.Begin();
            policy.Lost();
            policy.Slept((i % 2 == 0 ? 190 : 250) * Microsecond);
        }

        Assert.InRange(spun, 0, 10_000 / 50 * LongestMicroseconds * Microsecond);   // a spin in 64 waits, and those of the beginning
        Assert.Equal(0, policy.Wins);
    }

    [Fact]
    public void A_sleep_of_a_streak_that_is_shorter_than_the_longest_spin_is_worth_a_spin_as_long_and_the_next_only_after_eight_wins()
    {
        SpinPolicy policy = Streak();
        policy.Slept(120 * Microsecond);
        Assert.Equal(120 * Microsecond, policy.Begin());
        policy.Slept(120 * Microsecond);
        Assert.Equal(60 * Microsecond, policy.Begin());
        for (int i = 0; i < SpinPolicy.StreakOfWins / 2; i++) policy.Won(ticks: 1);
        policy.Slept(150 * Microsecond);
        Assert.Equal(150 * Microsecond, policy.Begin());
    }

    [Fact]
    public void A_wait_that_met_nothing_ends_a_streak()
    {
        SpinPolicy policy = Streak();
        policy.Slept(long.MaxValue);
        policy.Slept(Microsecond);
        Assert.Equal(StreakMicroseconds / 4 * Microsecond, policy.Begin());
    }

    [Fact]
    public void Once_off_it_probes_less_and_less_down_to_one_wait_in_64_and_a_win_halves_that()
    {
        SpinPolicy policy = TurnedOff();
        foreach (int interval in (int[])[2, 4, 8, 16, 32, 64, 64])
        {
            for (int i = 1; i < interval; i++) Assert.Equal(0, policy.Begin());
            Assert.Equal(LongestMicroseconds * Microsecond, policy.Begin());
            Lose(ref policy);
        }

        policy.Won(ticks: 1);
        do Lose(ref policy);
        while (policy.Begin() > 0);
        for (int i = 2; i < SpinPolicy.MostProbeInterval / 2; i++) Assert.Equal(0, policy.Begin());
        Assert.Equal(LongestMicroseconds * Microsecond, policy.Begin());
    }

    [Fact]
    public void A_probe_that_wins_turns_it_on_again_for_as_long_as_the_win_is_worth()
    {
        SpinPolicy policy = TurnedOff();
        policy.Won(3 * Microsecond);
        Assert.Equal(12 * Microsecond, policy.Begin());
        Assert.Equal(1, policy.Wins);
    }

    [Fact]
    public void Quick_wins_between_long_sleeps_wear_the_patience_down_to_what_a_sleep_costs()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        for (int i = 0; i < 200; i++)
        {
            policy.Won(ticks: 1);
            if (i % 2 == 1) Lose(ref policy);
        }

        policy.Won(ticks: 1);
        Assert.InRange(policy.Begin(), 5 * Microsecond, 6 * Microsecond);
    }

    [Fact]
    public void A_streak_of_quick_wins_is_patient_with_an_interruption_and_not_with_an_end()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        for (int i = 1; i < SpinPolicy.StreakOfWins; i++) policy.Won(ticks: 1);
        Assert.InRange(policy.Begin(), Microsecond, FirstMicroseconds * Microsecond);
        policy.Won(ticks: 1);
        Assert.Equal(StreakMicroseconds * Microsecond, policy.Begin());
        policy.Lost();
        policy.Slept(StreakMicroseconds * 3 / 2 * Microsecond);
        for (int i = 0; i < 200; i++) policy.Won(ticks: 1);
        Assert.Equal(StreakMicroseconds * Microsecond, policy.Begin());
        Lose(ref policy);
        for (int i = 1; i < SpinPolicy.StreakOfWins; i++) policy.Won(ticks: 1);
        Assert.InRange(policy.Begin(), Microsecond, FirstMicroseconds * Microsecond);
    }

    [Fact]
    public void Neither_a_slow_win_nor_a_sleep_makes_it_more_patient_than_allowed()
    {
        SpinPolicy policy = Streak();
        policy.Slept(LongestMicroseconds * Microsecond);
        Assert.Equal(LongestMicroseconds * Microsecond, policy.Begin());
        policy.Won(1000 * Microsecond);
        Assert.Equal(LongestMicroseconds * Microsecond, policy.Begin());
    }

    [Fact]
    public void Turned_off_by_its_setting_it_never_spins()
    {
        var policy = new SpinPolicy(0);
        for (int i = 0; i < 3 * SpinPolicy.MostProbeInterval; i++)
        {
            Assert.Equal(0, policy.Begin());
            policy.Slept(Microsecond);
        }
    }

    private static void Lose(ref SpinPolicy policy)
    {
        policy.Lost();
        policy.Slept(Millisecond);
    }

    private static SpinPolicy Streak()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        for (int i = 0; i < 10 * SpinPolicy.StreakOfWins; i++) policy.Won(ticks: 1);
        Assert.Equal(StreakMicroseconds * Microsecond, policy.Begin());
        return policy;
    }

    private static SpinPolicy TurnedOff()
    {
        var policy = new SpinPolicy(LongestMicroseconds);
        for (int i = 0; i < LossesToNone; i++) Lose(ref policy);
        return policy;
    }
}
