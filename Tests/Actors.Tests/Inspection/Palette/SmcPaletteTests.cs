using Smc.Actors.Inspection.Palette;

namespace Actors.Tests.Inspection.Palette;

public sealed class SmcPaletteTests
{
    [Theory]
    [InlineData("", "'' is no command; there are info, ")]
    [InlineData("conections", "'conections' is no command; there are info, ")]
    [InlineData("connections -x", "connections has no argument '-x'; it takes [-m smcd|smcr|tcp] ")]
    [InlineData("connections -m", "-m needs smcd or smcr or tcp.")]
    [InlineData("connections -m rdma", "-m must be smcd or smcr or tcp, was 'rdma'.")]
    [InlineData("connections -c 0", "-c must be a whole number above 0, was '0'.")]
    [InlineData("connection", "connection needs -i: Its ID, as smc connections lists it.")]
    [InlineData("connections -c many", "-c must be a whole number above 0, was 'many'.")]
    public void A_mistake_is_named_with_what_is_allowed(string line, string error)
    {
        Assert.False(SmcPalette.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out SmcRequest? request, out string found));
        Assert.Null(request);
        Assert.StartsWith(error, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_has_a_name_of_its_own_and_a_sentence() => Assert.All(SmcPalette.Commands, command =>
    {
        Assert.Equal(command, Assert.Single(SmcPalette.Commands, c => c.Name == command.Name));
        Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
        Assert.Contains(SmcArgument.Json, command.Arguments);
        Assert.Contains(SmcArgument.Wide, command.Arguments);
        Assert.Equal(command.Arguments.Count, command.Arguments.Select(a => a.Switch).Distinct().Count());
    });
}
