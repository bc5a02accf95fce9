using Smc.Host.CommandLine;
using Smc.Host.Text;
using Smc.Host.Top;

namespace Smc.Host.Tests.Top;

public sealed class TopRatesTests
{
    [Fact]
    public void A_rate_is_what_came_between_two_looks_by_the_connections_own_age()
    {
        TopRow row = TopSamples.Rates.Rows.Single(r => r.Connection.Id == "c3");
        Assert.Equal((100, 1_300_000_000, 7_345, 0), (row.Sent, row.Received, row.Writes, row.Bells));
    }

    [Fact]
    public void A_connection_that_is_new_has_its_rate_since_it_opened()
    {
        TopRow row = TopSamples.Rates.Rows.Single(r => r.Connection.Id == "c22");
        Assert.Equal((2_048, 1_024, 4), (row.Sent, row.Received, row.Writes));
    }

    [Fact]
    public void One_that_is_gone_has_no_row_and_the_same_look_twice_has_no_rates()
    {
        Assert.DoesNotContain(TopSamples.Rates.Rows, r => r.Connection.Id == "c21");
        TopRates same = TopRates.Between([TopSamples.Now], [TopSamples.Now], TopSamples.At);
        Assert.All(same.Rows, row => Assert.Equal((0, 0, 0, 0), (row.Sent, row.Received, row.Writes, row.Bells)));
    }

    [Fact]
    public void Connections_of_two_processes_are_told_apart_and_new_counts_are_those_of_known_processes()
    {
        Assert.Equal((1, 0), (TopSamples.Rates.NewFallbacks, TopSamples.Rates.NewViolations));
        Assert.Equal(2, TopSamples.Both.Rows.Count(row => row.Connection.Id == "c3"));
        Assert.Equal(1, TopSamples.Both.Rows.Single(row => row.ProcessId == 99).Received);
        Assert.Equal(0, TopRates.Between([TopSamples.Other], [TopSamples.Other, TopSamples.Now], TopSamples.At).NewFallbacks);
    }

    [Fact]
    public void Two_with_one_number_are_told_apart_by_their_doors()
    {
        TopProcess twin = TopSamples.Other with { ProcessId = TopSamples.Now.ProcessId };
        TopRates rates = TopRates.Between([TopSamples.Before, twin], [TopSamples.Now, twin], TopSamples.At);
        Assert.Equal(["4711/a1b2c3d4", "4711/00112233"], rates.Rows.Where(row => row.Connection.Id == "c3").Select(row => row.Process));
        Assert.Contains("2 processes: 4711/a1b2c3d4, 4711/00112233", TopFrame.Of(rates, new TopView(), 120, TopFrame.Unlimited).Lines[0], StringComparison.Ordinal);
        Assert.Equal(1, rates.NewFallbacks);
    }

    [Fact]
    public void What_a_process_says_of_itself_is_nothing_that_a_terminal_obeys()
    {
        TopProcess hostile = TopDocument.Parse("door", """{"pid":1,"version":"\u001b[2J","down":"","fallbacks":0,"violations":0,"rows":[]}"""u8.ToArray());
        Assert.Equal("\\x1b[2J", hostile.Version);
    }

    [Theory]
    [InlineData("bytes", false, "c3 c22 c19 c17")]
    [InlineData("bytes", true, "c17 c19 c22 c3")]
    [InlineData("sent", false, "c22 c19 c3 c17")]
    [InlineData("received", false, "c3 c22 c17 c19")]
    [InlineData("writes", false, "c3 c22 c19 c17")]
    [InlineData("doorbells", false, "c19 c3 c17 c22")]
    [InlineData("waits", false, "c17 c22 c19 c3")]
    [InlineData("mode", false, "c3 c19 c17 c22")]
    [InlineData("peer", false, "c17 c3 c22 c19")]
    [InlineData("age", false, "c3 c17 c19 c22")]
    [InlineData("id", false, "c3 c17 c19 c22")]
    [InlineData("i", true, "c22 c19 c17 c3")]
    public void Every_key_has_its_order(string word, bool isReversed, string ids) =>
        Assert.Equal(ids, string.Join(' ', TopKey.Parse(word).Sort(TopSamples.Rates.Rows, isReversed).Select(row => row.Connection.Id)));

    [Fact]
    public void A_key_that_is_none_is_refused_with_those_that_are() =>
        Assert.Equal("-o must be one of bytes, sent, received, writes, doorbells, waits, mode, peer, age, id, was 'x'.", Assert.Throws<CommandFailure>(() => TopKey.Parse("x")).Message);

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(0.5, "0.5B", "0.5")]
    [InlineData(512, "512B", "512")]
    [InlineData(999.6, "1000B", "1k")]
    [InlineData(1023.6, "1K", "1k")]
    [InlineData(1_258_291, "1.2M", "1.3M")]
    [InlineData(131_000_000, "125M", "131M")]
    [InlineData(11_600_000_000, "10.8G", "11.6G")]
    public void Rates_are_short(double value, string bytes, string count) => Assert.Equal((bytes, count), (TopText.Bytes(value), TopText.Count(value)));

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("2s", 2)]
    [InlineData("60m", 3600)]
    public void A_duration_is_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Quantity.ParseDuration(text));

    [Theory]
    [InlineData("0s")]
    [InlineData("1")]
    [InlineData("-1s")]
    [InlineData("61m")]
    [InlineData("")]
    public void A_duration_that_is_none_is_refused(string text) =>
        Assert.Equal($"'{text}' is no duration up to an hour; write 500ms, 2s or 1m.", Assert.Throws<CommandFailure>(() => Quantity.ParseDuration(text)).Message);
}
