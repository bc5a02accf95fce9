using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.LinkGroups;
using Smc.Actors.Protocol;
using Smc.Transport;

namespace Actors.Tests.Inspection;

/// <summary>What operators read, to the letter.</summary>
public sealed class CommandOutputTests
{
    private static readonly RuntimeSnapshot Down = Samples.Snapshot with
    {
        Runtime = Samples.Runtime with { Gid = null, Down = SmcReason.RegistryUnavailable, Ueids = [], DmbsInUse = 5000, AllowsMutations = true },
        LinkGroups = [],
        Fallbacks = [],
        Violations = [],
        Listeners = [],
    };

    /// <summary>Every command as text at 120 and 80 columns and as JSON, and its arguments.</summary>
    public static TheoryData<string, string, int> Outputs
    {
        get
        {
            var all = new TheoryData<string, string, int>();
            foreach (string name in (string[])["info", "devices", "linkgroups", "links", "cqs", "connections", "stats", "fallbacks", "buffers", "violations", "ueid-show", "pnet-show"])
            {
                all.Add($"{name}-120.txt", name, 120);
                all.Add($"{name}-80.txt", name, 80);
                all.Add($"{name}.json", $"{name} -j", 80);
            }

            foreach (string name in (string[])["devices", "linkgroups", "connections", "stats", "fallbacks", "buffers"]) all.Add($"{name}-wide.txt", $"{name} -w", 80);
            foreach ((string file, string command) in (ReadOnlySpan<(string, string)>)
            [
                ("devices-details", "devices -d"), ("devices-smcr", "devices -t smcr"), ("linkgroups-details", "linkgroups -d"), ("buffers-details", "buffers -d"),
                ("stats-details", "stats -a -d"), ("stats-absolute", "stats -a"), ("connections-all", "connections -a"), ("connections-listening", "connections -l"),
                ("connections-cursors", "connections -d"), ("connections-stalled", "connections -o stall -c 2"), ("fallbacks-lately", "fallbacks -s 5m"),
                ("violations-lately", "violations -s 5m"),
            ])
            {
                all.Add($"{file}-120.txt", command, 120);
                all.Add($"{file}-80.txt", command, 80);
            }

            all.Add("connections-cursors.json", "connections -d -j", 80);
            all.Add("connections-listening.json", "connections -l -j", 80);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    [InlineData("connections-80.txt", "connections -C 80", 120)]
    [InlineData("connections-tcp-120.txt", "connections -m tcp", 120)]
    [InlineData("connections-busiest-120.txt", "connections -o bytes -c 1", 120)]
    [InlineData("connections-of-a-peer-120.txt", "connections -p 127.0.0.1 -s active", 120)]
    [InlineData("connection-smcd-120.txt", "connection -i c3", 120)]
    [InlineData("connection-smcd-80.txt", "connection -i c3", 80)]
    [InlineData("connection-smcd.json", "connection -i c3 -j", 80)]
    [InlineData("connection-tcp.json", "connection -i c22 -j", 80)]
    [InlineData("connection-closing-80.txt", "connection -i c9", 80)]
    [InlineData("connection-blocked-80.txt", "connection -i c19", 80)]
    [InlineData("connection-tcp-80.txt", "connection -i c23", 80)]
    [InlineData("connection-declined-80.txt", "connection -i c22", 80)]
    [InlineData("connection-tcp-120.txt", "connection -i c17", 120)]
    [InlineData("connection-unknown-80.txt", "connection -i c4", 80)]
    [InlineData("top-80.txt", "top", 80)]
    [InlineData("top.json", "top -j", 80)]
    [InlineData("connections-listening-tcp-80.txt", "connections -l -m TCP -c 1", 80)]
    [InlineData("connections-listening-refused-80.txt", "connections -l -p 127.0.0.1", 80)]
    [InlineData("linkgroups-of-a-gid-80.txt", "linkgroups -p 812a", 80)]
    [InlineData("stats-smcd.json", "stats -a -t smcd -j", 80)]
    [InlineData("linkgroups-of-a-process-80.txt", "linkgroups -g 100 -p 812", 80)]
    [InlineData("fallbacks-of-a-peer-80.txt", "fallbacks -p 10. -r peer_no_smc", 80)]
    [InlineData("fallbacks-by-code-80.txt", "fallbacks -r 0x030d0000", 80)]
    public void Output_is_that_of_its_golden_file(string name, string command, int width) => GoldenFile.Check(name, command, Samples.Snapshot, width);

    /// <summary>The application never reads: the commonest stall, and what this end knows of it.</summary>
    [Fact]
    public void A_connection_that_nobody_reads_says_what_is_not_known()
    {
        RuntimeSnapshot snapshot = Samples.Snapshot with { Connections = [.. Samples.Snapshot.Connections.Where(c => c.Id == "c9").Select(c => c with { IsClosing = false, State = "ACTIVE" })] };
        GoldenFile.Check("connection-unread-80.txt", "connection -i c9", snapshot, 80);
        GoldenFile.Check("connection-unread.json", "connection -i c9 -j", snapshot, 80);
    }

    [Theory]
    [InlineData("down-info-80.txt", "info")]
    [InlineData("down-info.json", "info -j")]
    [InlineData("down-devices-80.txt", "devices -t smcd")]
    [InlineData("down-buffers-80.txt", "buffers")]
    [InlineData("down-ueid-show-80.txt", "ueid-show")]
    [InlineData("down-fallbacks-80.txt", "fallbacks")]
    [InlineData("down-linkgroups-80.txt", "linkgroups")]
    [InlineData("down-connection-80.txt", "connection -i c23")]
    public void A_runtime_without_a_device_says_so(string name, string command) => GoldenFile.Check(name, command, Down, 80);

    [Theory]
    [InlineData("check-smc", SmcMode.SmcD, SmcReason.None)]
    [InlineData("check-tcp", SmcMode.Tcp, SmcReason.PeerNoSmc)]
    public void What_a_check_says_is_that_of_its_golden_file(string name, SmcMode mode, SmcReason reason)
    {
        SmcReport report = new EndpointCheck(mode, reason, SmcReasons.Sentence(reason), SmcReasons.Remedy(reason)).ToReport("10.0.0.7:7000");
        GoldenFile.Check($"{name}-80.txt", report.ToText(80));
        GoldenFile.Check($"{name}.json", report.ToJsonText());
    }

    [Fact]
    public void A_check_says_of_every_reason_what_the_table_of_reasons_says() => Assert.All(Enum.GetValues<SmcReason>().Where(reason => reason != SmcReason.None), reason =>
    {
        string text = new EndpointCheck(SmcMode.Tcp, reason, SmcReasons.Sentence(reason), SmcReasons.Remedy(reason)).ToReport("10.0.0.7:7000").ToText(1000);
        Assert.Contains($"{SmcReasons.Sentence(reason)} (0x{(uint)reason:x8} {SmcReasons.ShortName(reason)})", text, StringComparison.Ordinal);
        Assert.Contains($"Remedy: {SmcReasons.Remedy(reason)}", text, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("drain-limit", 0x100, 3, true)]
    [InlineData("drain-empty", 0x100, 0, true)]
    [InlineData("drain-others", 0x100, 1, false)]
    public void What_a_drain_says_is_that_of_its_golden_file(string name, uint group, int connections, bool isLimitReached) =>
        CheckOutcome(name, DrainOutcome.Done(group, connections, isLimitReached));

    [Theory]
    [InlineData("drain-elsewhere", 812)]
    [InlineData("drain-elsewhere-unseen", 0)]
    public void A_drain_at_the_wrong_end_says_where_the_right_one_is(string name, int processId) => CheckOutcome(name, DrainOutcome.Elsewhere(0x100, processId));

    private static void CheckOutcome(string name, MutationProtocol.Outcome outcome)
    {
        SmcReport report = MutationActor.ReportOf(SmcPalette.Commands.Single(command => command.Name == "linkgroup-drain"), outcome);
        GoldenFile.Check($"{name}-80.txt", report.ToText(80));
        GoldenFile.Check($"{name}.json", report.ToJsonText());
    }
}
