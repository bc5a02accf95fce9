using Smc.Actors.Inspection.Palette;

namespace Actors.Tests.Inspection.Palette;

public sealed class SmcPaletteTests
{
    [Theory]
    [InlineData("", "'' is no command; there are info, ")]
    [InlineData("conections", "'conections' is no command; there are info, ")]
    [InlineData("connections -x", "connections has no argument '-x'; it takes [-a] [-l] [-d] [-m smcd|smcr|tcp] [-p peer] [-s ACTIVE|")]
    [InlineData("connections -m", "-m needs smcd or smcr or tcp.")]
    [InlineData("connections -m rdma", "-m must be smcd or smcr or tcp, was 'rdma'.")]
    [InlineData("connections -c 0", "-c must be a whole number above 0, was '0'.")]
    [InlineData("connection", "connection needs -i: Its ID, as smc connections lists it.")]
    [InlineData("connections -s ACTVE", "-s must be ACTIVE or ")]
    [InlineData("connections -o speed", "-o must be bytes or age or stall, was 'speed'.")]
    [InlineData("devices -t tcp", "-t must be smcd or smcr, was 'tcp'.")]
    [InlineData("linkgroups -g nine", "-g must be 1 to 8 hex digits, was 'nine'.")]
    [InlineData("linkgroups -g 123456789", "-g must be 1 to 8 hex digits, was '123456789'.")]
    [InlineData("stats -s 31s", "-s must be a duration such as 500ms or 10s, at most 30s, was '31s'.")]
    [InlineData("fallbacks -s yesterday", "-s must be a duration such as 500ms, 10s, 5m or 1h, was 'yesterday'.")]
    [InlineData("fallbacks -r NO_SUCH", "-r must be the name or the code of a reason, as PEER_NO_SMC or 0x03010000, was 'NO_SUCH'.")]
    [InlineData("fallbacks -r 0x0", "-r must be the name or the code of a reason")]
    [InlineData("fallbacks -r [unknown]", "-r must be the name or the code of a reason")]
    [InlineData("check", "check needs -a: The endpoint, as 10.0.0.7:7000, [::1]:7000 or host:7000.")]
    [InlineData("check -a 10.0.0.7", "-a must be an endpoint as 10.0.0.7:7000, [::1]:7000 or host:7000, was '10.0.0.7'.")]
    [InlineData("check -a ::1:7000", "-a must be an endpoint")]
    [InlineData("check -a 10.0.0.7:0", "-a must be an endpoint")]
    [InlineData("check -a 10.0.0.7:65536", "-a must be an endpoint")]
    [InlineData("check -a 127.0.0.1:7000 -t 1m", "-t must be a duration such as 500ms or 10s, at most 30s, was '1m'.")]
    [InlineData("ueid-add", "ueid-add needs -e: The user EID.")]
    [InlineData("ueid-add -e lower", "-e must be 1 to 32 characters A-Z 0-9 . -, the first a letter or digit, without '..', was 'lower'.")]
    [InlineData("ueid-del -e A..B", "-e must be 1 to 32 characters")]
    [InlineData("pnet-add -P net-a", "-P must be 1 to 16 characters A-Z 0-9, was 'net-a'.")]
    [InlineData("linkgroup-drain", "linkgroup-drain needs -g: The link group, as smc linkgroups lists it.")]
    [InlineData("connection-abort", "connection-abort needs -i: Its ID, as smc connections lists it.")]
    [InlineData("connections -c many", "-c must be a whole number above 0, was 'many'.")]
    public void A_mistake_is_named_with_what_is_allowed(string line, string error)
    {
        Assert.False(SmcPalette.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out SmcRequest? request, out string found));
        Assert.Null(request);
        Assert.StartsWith(error, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check -a [::1]:7000")]
    [InlineData("check -a build-7.example.org:7000 -t 500ms")]
    [InlineData("fallbacks -s 1h -p 10.0.0.9 -r peer_no_smc")]
    [InlineData("fallbacks -r 0x0999abcd")]
    [InlineData("links -g 100 -n eth0 -i mlx5_0")]
    [InlineData("cqs -i mlx5_0")]
    [InlineData("connections -a -d -m smcd -p 127.0.0.1 -s ACTIVE -o stall -c 3 -j -w")]
    [InlineData("pnet-add -P NETA -I eth0")]
    public void Arguments_may_be_combined(string line) => Assert.True(SmcPalette.TryParse(line.Split(' '), out _, out string error), error);

    [Fact]
    public void Every_command_of_the_palette_is_there() => Assert.Equal(
        [
            "buffers", "check", "connection", "connection-abort", "connections", "cqs", "devices", "fallbacks", "info", "linkgroup-drain", "linkgroups", "links", "pnet-add",
            "pnet-del", "pnet-flush", "pnet-show", "stats", "stats-reset", "tail", "top", "ueid-add", "ueid-del", "ueid-flush", "ueid-show", "violations",
        ],
        SmcPalette.Commands.Select(command => command.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_command_has_a_name_of_its_own_and_a_sentence() => Assert.All(SmcPalette.Commands, command =>
    {
        Assert.Equal(command, Assert.Single(SmcPalette.Commands, c => c.Name == command.Name));
        Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
        Assert.Contains(SmcArgument.Json, command.Arguments);
        Assert.Contains(SmcArgument.Wide, command.Arguments);
        Assert.Contains(SmcArgument.Columns, command.Arguments);
        Assert.Equal(command.Arguments.Count, command.Arguments.Select(a => a.Switch).Distinct().Count());
    });
}
