using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Waiting;

public sealed class PledgePolicyTests
{
    [Fact]
    public void Enough_hits_make_a_pledge_due_and_one_that_stands_is_never_due()
    {
        var policy = new PledgePolicy();
        Assert.Equal(PledgePolicy.LeastHits, HitsUntilDue(ref policy));
        policy.Pledged(0);
        for (int i = 0; i < PledgePolicy.MostHits; i++) Assert.False(policy.Hit());
        policy.Sleeps(PledgePolicy.Worth);
        Assert.Equal(PledgePolicy.LeastHits, HitsUntilDue(ref policy));
    }

    [Fact]
    public void A_sleep_without_a_pledge_begins_the_count_again()
    {
        var policy = new PledgePolicy();
        for (int round = 0; round < 100; round++)
        {
            for (int i = 1; i < PledgePolicy.LeastHits; i++) Assert.False(policy.Hit());
            policy.Sleeps(round);
        }

        Assert.Equal(PledgePolicy.LeastHits, HitsUntilDue(ref policy));
    }

    [Fact]
    public void Pledges_that_do_not_last_take_more_and_more_hits_up_to_a_limit()
    {
        var policy = new PledgePolicy();
        for (int hits = PledgePolicy.LeastHits; hits < PledgePolicy.MostHits; hits *= 2)
        {
            Assert.Equal(hits, HitsUntilDue(ref policy));
            policy.Pledged(1000);
            policy.Sleeps(1000 + PledgePolicy.Worth - 1);
        }

        policy.Pledged(0);
        policy.Sleeps(0);
        Assert.Equal(PledgePolicy.MostHits, HitsUntilDue(ref policy));
    }

    [Fact]
    public void Pledges_that_last_make_fewer_hits_do_again()
    {
        var policy = new PledgePolicy();
        for (int i = 0; i < 2; i++)
        {
            policy.Pledged(0);
            policy.Sleeps(0);
        }

        Assert.Equal(4 * PledgePolicy.LeastHits, HitsUntilDue(ref policy));
        for (int i = 0; i < 3; i++)
        {
            policy.Pledged(0);
            policy.Sleeps(PledgePolicy.Worth);
        }

        Assert.Equal(PledgePolicy.LeastHits, HitsUntilDue(ref policy));
    }

    private static int HitsUntilDue(ref PledgePolicy policy)
    {
        int hits = 1;
        while (!policy.Hit()) hits++;
        return hits;
    }
}
