using System.Text.Json;
using Smc.Host.Tests.Decode;

namespace Smc.Host.Tests.Programs;

/// <summary><c>smc decode</c> as its users run it.</summary>
public sealed class DecodeTests : TestFolder
{
    [Fact]
    public async Task The_table_fits_the_terminal_and_explains_a_decline()
    {
        Ended ended = await SmcProcess.RunAsync("decode", CaptureFile.PathOf("decline"));
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        string[] lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 120));
        Assert.Equal("    7  10.0.0.1:5001   10.0.0.2:48200  CLC    DECLINE      44  v2, 0x03030002 NOSMCRDEV", lines[2]);
        Assert.Equal("0x03030002 NOSMCRDEV: No SMC-R device was found.", lines[6]);
        Assert.Equal(10, lines.Length); // heading, five messages, two reasons with their remedies
    }

    [Fact]
    public async Task A_capture_without_SMC_says_so()
    {
        Ended ended = await SmcProcess.RunAsync("decode", CaptureFile.PathOf("fallback"));
        Assert.Equal((0, "no SMC messages\n", ""), (ended.ExitCode, ended.Output, ended.Errors));
        ended = await SmcProcess.RunAsync("decode", CaptureFile.PathOf("fallback"), "--json");
        Assert.Equal((0, "[]\n"), (ended.ExitCode, ended.Output));
    }

    [Fact]
    public async Task The_JSON_is_an_array_of_records()
    {
        Ended ended = await SmcProcess.RunAsync("decode", CaptureFile.PathOf("smcr-v2-first-contact"), "--json");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        using var document = JsonDocument.Parse(ended.Output);
        Assert.Equal(
            CaptureFile.Recorded("smcr-v2-first-contact").Select(m => m.GetProperty("hex").GetString()),
            document.RootElement.EnumerateArray().Select(m => m.GetProperty("hex").GetString()));
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_one_line()
    {
        File.WriteAllBytes(At("cut.pcap"), CaptureFile.Bytes("decline")[..1000]);
        Ended ended = await SmcProcess.RunAsync("decode", At("cut.pcap"));
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Matches("^smc: .*cut.pcap is cut short: it ends within frame [0-9]+\\.$", Assert.Single(ended.ErrorLines));
    }
}
