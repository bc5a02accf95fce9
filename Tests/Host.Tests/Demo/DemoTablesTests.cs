using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Reports;
using Smc.Host.Carriers;
using Smc.Host.Demo;
using Smc.Transport;

namespace Smc.Host.Tests.Demo;

public sealed class DemoTablesTests
{
    private const long Bytes = 256 << 20;
    private static readonly Leg Leg = new(0.1, 0.05, 0.06);

    [Fact]
    public void The_table_of_connections_has_the_columns_of_smcss_and_fits_120_columns()
    {
        var report = new ConnectionReport("c17", "APPLFINCLW", "192.168.100.104:48080", "192.168.100.109:51122", SmcMode.Tcp, SmcReason.PeerNoSmc,
            TimeSpan.FromSeconds(252), 1_153_434, 10_276_045, "0a1b2c3d");
        string[] lines = ConnectionRows.Table([("A", ConnectionRows.From(report))]).ToString().Split('\n');
        Assert.Equal(["In", "ID", "State", "Local", "Peer", "Mode", "Code", "Age", "TX", "RX", "Group"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("A   c17  APPLFINCLW  192.168.100.104:48080  192.168.100.109:51122  TCP   0x03010000  4m12s  1.1 MiB  9.8 MiB  0a1b2c3d", lines[1]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, TextTable.MaxWidth));
    }

    [Fact]
    public void The_table_of_results_fits_120_columns()
    {
        DemoResult[] results = [.. Enum.GetValues<Over>().Select(over => new DemoResult(over, "SMC-D", new Leg(1e-3, 99, 99), Leg, ["a", "b"]))];
        string table = DemoResult.Table(results, Bytes, "a").ToString();
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, TextTable.MaxWidth));
        Assert.Contains("DIFFERS", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SMC-D", "a", null)]
    [InlineData("TCP 0x03010000 why", "a", "smc-d ran over TCP 0x03010000 why")]
    [InlineData("SMC-D", "b", "SHA-256 over smc-d is b, not that of the file")]
    public void A_result_complains_of_a_fallback_and_of_other_bytes(string mode, string digest, string? complaint) =>
        Assert.Equal(complaint, new DemoResult(Over.Smc, mode, Leg, Leg, ["a", digest]).Complaint("a"));

    [Fact]
    public void A_leg_is_read_from_what_the_processes_say()
    {
        var leg = Leg.Parse("0.5 0.25", "0.6 0.125");
        Assert.Equal((0.5, 0.25, 0.125, 0.375), (leg.Seconds, leg.SenderCpu, leg.ReceiverCpu, leg.Cpu));
        Assert.Equal("2", leg.Throughput(1_000_000));
    }
}
