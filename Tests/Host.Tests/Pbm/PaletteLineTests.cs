using Smc.Host.Pbm;

namespace Smc.Host.Tests.Pbm;

/// <summary>What a command host is told of the terminal.</summary>
public sealed class PaletteLineTests
{
    [Theory]
    [InlineData("smc connections", 80, "smc connections -C 80")]
    [InlineData("smc  connections -m tcp ", 100, "smc  connections -m tcp  -C 100")]
    [InlineData("smc connections", 120, "smc connections")]
    [InlineData("smc connections", 200, "smc connections")]
    [InlineData("smc connections -C 60", 80, "smc connections -C 60")]
    [InlineData("smc connections -w", 80, "smc connections -w")]
    [InlineData("smc connections -j", 80, "smc connections -j")]
    [InlineData("smc", 80, "smc")]
    [InlineData("smc no-command", 80, "smc no-command")]
    [InlineData("actor hierarchy", 80, "actor hierarchy")]
    [InlineData("", 80, "")]
    public void A_command_of_the_palette_has_the_width_where_that_is_narrow(string line, int width, string expected) =>
        Assert.Equal(expected, PaletteLine.Fit(line, width));
}
