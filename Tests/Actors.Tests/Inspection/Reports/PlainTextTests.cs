using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection.Reports;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("c17  127.0.0.1:8080\n", "c17  127.0.0.1:8080\n")]
    [InlineData("\u001b[2Jgone\u0007", "\\x1b[2Jgone\\x07")]
    [InlineData("over\rwritten", "over\\x0dwritten")]
    [InlineData("windows\r\n", "windows\r\n")]
    [InlineData("\u009b2J", "\\x9b2J")]
    public void What_a_terminal_would_obey_is_shown(string text, string plain) => Assert.Equal(plain, PlainText.Lines(text));

    [Fact]
    public void A_line_of_a_log_stays_one() => Assert.Equal("ueid-del -e A\\x0aforged", PlainText.Line("ueid-del -e A\nforged"));
}
