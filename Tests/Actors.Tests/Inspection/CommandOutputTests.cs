namespace Actors.Tests.Inspection;

/// <summary>What operators read, to the letter.</summary>
public sealed class CommandOutputTests
{
    [Theory]
    [InlineData("connections-80.txt", "connections", 80)]
    [InlineData("connections-120.txt", "connections", 120)]
    [InlineData("connections-wide.txt", "connections -w", 80)]
    [InlineData("connections.json", "connections -j", 80)]
    [InlineData("connections-tcp-120.txt", "connections -m tcp", 120)]
    [InlineData("connections-busiest-120.txt", "connections -o bytes -c 1", 120)]
    [InlineData("connections-of-a-peer-120.txt", "connections -p 127.0.0.1 -s active", 120)]
    [InlineData("connection-smcd-120.txt", "connection -i c3", 120)]
    [InlineData("connection-smcd-80.txt", "connection -i c3", 80)]
    [InlineData("connection-smcd.json", "connection -i c3 -j", 80)]
    [InlineData("connection-tcp-80.txt", "connection -i c22", 80)]
    [InlineData("connection-tcp-120.txt", "connection -i c17", 120)]
    [InlineData("connection-unknown-80.txt", "connection -i c4", 80)]
    [InlineData("stats-80.txt", "stats", 80)]
    [InlineData("stats-120.txt", "stats", 120)]
    [InlineData("stats-wide.txt", "stats -w", 80)]
    [InlineData("stats-smcd.json", "stats -t smcd -j", 80)]
    [InlineData("violations-80.txt", "violations", 80)]
    [InlineData("violations.json", "violations -j", 80)]
    [InlineData("fallbacks-80.txt", "fallbacks", 80)]
    [InlineData("fallbacks-120.txt", "fallbacks", 120)]
    [InlineData("fallbacks-wide.txt", "fallbacks -w", 120)]
    [InlineData("fallbacks.json", "fallbacks -j", 120)]
    [InlineData("top-80.txt", "top", 80)]
    [InlineData("top.json", "top -j", 80)]
    public void Output_is_that_of_its_golden_file(string name, string command, int width) => GoldenFile.Check(name, command, Samples.Snapshot, width);
}
