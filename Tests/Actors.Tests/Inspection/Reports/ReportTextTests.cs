using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection.Reports;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1_153_434, "1.1 MiB")]
    [InlineData(268_435_456, "256 MiB")]
    public void A_size_is_shown_in_its_largest_unit(long bytes, string text) => Assert.Equal(text, ReportText.Size(bytes));

    [Theory]
    [InlineData(0.25, "0.3s")]
    [InlineData(11, "11s")]
    [InlineData(252, "4m12s")]
    [InlineData(7260, "2h1m")]
    public void An_age_is_shown_in_its_largest_units(double seconds, string text) => Assert.Equal(text, ReportText.Age(TimeSpan.FromSeconds(seconds)));
}
