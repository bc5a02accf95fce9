using Smc.Host.Bench.Messages;

namespace Smc.Host.Tests.Bench;

public sealed class ArrivalsTests
{
    private readonly Numbered[][] _series = [Numbered.Series(0), Numbered.Series(1)];

    [Fact]
    public void Messages_may_mix_as_long_as_each_senders_come_in_order()
    {
        var arrivals = new Arrivals(2, 4);
        foreach ((int sender, int number) in new[] { (0, 0), (1, 0), (1, 1), (0, 1) })
        {
            Assert.False(arrivals.AreComplete);
            arrivals.Add(_series[sender][number], _series);
        }
        Assert.True(arrivals.AreComplete);
    }

    [Fact]
    public void A_lost_a_repeated_and_a_copied_message_are_refused()
    {
        var arrivals = new Arrivals(2, 4);
        Assert.Throws<InvalidOperationException>(() => arrivals.Add(_series[0][1], _series));
        arrivals.Add(_series[1][0], _series);
        Assert.Throws<InvalidOperationException>(() => arrivals.Add(_series[1][0], _series));
        Assert.Throws<InvalidOperationException>(() => arrivals.Add(new Numbered(1, 2), _series));
    }
}
