using System.Text;
using Smc.Host.Bench;
using Smc.Host.CommandLine;

namespace Smc.Host.Tests.Bench;

/// <summary>What an inspector of a bench takes for a report.</summary>
public sealed class ReportCheckTests
{
    [Theory]
    [InlineData("""{"report":"x","count":2,"rows":[{"a":{"count":9}},{"b":[1,2]}],"notes":["rows"]}""", 2, 2)]
    [InlineData("""{"rows":[],"count":0}""", 0, 0)]
    [InlineData("""{"count":3,"rows":[{}]}""", 3, 1)]
    public void It_is_counted(string json, int said, int listed) => Assert.Equal((said, listed), ReportCheck.Count(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"count":1}""")]
    [InlineData("""{"count":1,"rows":1}""")]
    [InlineData("""{"count":"1","rows":[]}""")]
    [InlineData("""{"count":0.5,"rows":[]}""")]
    [InlineData("""{"count":1,"rows":[{}]""")]
    [InlineData("""{"count":1,"rows":[{}]}}""")]
    [InlineData("""{"count":1,"rows":[{}]} and more""")]
    public void What_is_none_or_not_whole_is_told(string json) => Assert.Throws<CommandFailure>(() => ReportCheck.Count(Encoding.UTF8.GetBytes(json)));
}
