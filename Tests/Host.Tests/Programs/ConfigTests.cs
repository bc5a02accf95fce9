using static Smc.Host.Tests.Programs.ArgumentTests;

namespace Smc.Host.Tests.Programs;

/// <summary>What <c>--config</c> takes, and how it is told what it does not.</summary>
public sealed class ConfigTests : TestFolder
{
    public static TheoryData<string[]> Commands =>
    [
        ["check", "127.0.0.1:1"],
        ["serve", "--listen", "127.0.0.1:0"],
        ["send", Path.Combine(AppContext.BaseDirectory, "smc.dll"), "--to", "127.0.0.1:1"],
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_value_that_is_none_is_one_line_with_file_key_value_and_range(string[] command)
    {
        string file = Write("bad.conf", "smc {\n  listener.backlog = 65536\n}");
        AssertFailed(await RunAsync(command, file), 64, $"smc: {file}: smc.listener.backlog must be 1 to 65535, was 65536.");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_file_that_is_broken_is_one_line_with_the_file_and_the_line_in_it(string[] command)
    {
        string file = Write("broken.conf", "# mine\nsmc {\n  wait.spin = off\n");
        AssertFailed(await RunAsync(command, file), 64, $"smc: {file}: Line 2: what opens here is not closed by '}}'.");
    }

    [Theory]
    [InlineData("smc.wait.spin = ${nowhere}", "nowhere")]
    [InlineData("smc.wait.spin:off:on", "':'")]
    [InlineData("smc = 5", "smc must be a section, was 5.")]
    [InlineData("smc.directory.peers = \"10.0.0.7\"", "smc.directory.peers must be a list, was 10.0.0.7.")]
    [InlineData("smc.handshake.clc-timeout = \"6\ns\"", "Line 1: a quoted text does not end in its line.")]
    public async Task A_file_that_cannot_be_used_is_one_line(string text, string complaint)
    {
        string file = Write("bad.conf", text);
        Ended ended = await RunAsync(["check", "127.0.0.1:1"], file);
        AssertFailed(ended, 64, $"smc: {file}: ");
        AssertFailed(ended, 64, complaint);
    }

    [Fact]
    public async Task A_file_that_is_none_is_one_line()
    {
        AssertFailed(await RunAsync(["check", "127.0.0.1:1"], At("none.conf")), 1, $"no such file: {At("none.conf")}");
        AssertFailed(await RunAsync(["check", "127.0.0.1:1"], Folder), 1, $"{Folder} is a folder.");
        string file = Write("good.conf", "smc.wait.spin = off");
        AssertFailed(await RunAsync(["serve", "--listen", "127.0.0.1:0", "--over", "tcp"], file), 64, "--config is for --over smc-d.");
    }

    [Theory]
    [InlineData("smc.negotiation = never")]
    [InlineData("{ \"smc\": { \"negotiation\": \"never\" } }\n")]
    public async Task Settings_reach_the_runtime(string text)
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0");
        await using (server)
        {
            Ended ended = await RunAsync(["check", address], Write("never.conf", text));
            Assert.Equal((1, ""), (ended.ExitCode, ended.Errors));
            Assert.Contains("DISABLED", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_that_nobody_reads_is_warned_about_and_the_command_goes_on()
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0");
        await using (server)
        {
            Ended ended = await RunAsync(["check", address], Write("typo.conf", "smc.wait.spn = off"));
            Assert.Equal(0, ended.ExitCode);
            Assert.Contains("smc.wait.spn is not a key; did you mean smc.wait.spin?", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("smc.reference.conf")]
    [InlineData("latency.conf")]
    [InlineData("low-memory.conf")]
    public async Task The_files_beside_the_program_are_taken(string name)
    {
        string profile = Path.Combine(AppContext.BaseDirectory, "hocon", name);
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--config", profile);
        await using (server)
        {
            Ended ended = await RunAsync(["check", address], profile);
            Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
            Assert.Contains("would be SMC-D", ended.Output, StringComparison.Ordinal);
        }
    }

    private static Task<Ended> RunAsync(string[] command, string file) => SmcProcess.RunAsync([.. command, "--config", file]);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
