using System.Security.Cryptography;

namespace Smc.Host.Tests.Programs;

/// <summary><c>smc serve</c> and <c>smc send</c> in two real processes.</summary>
public sealed class ServeAndSendTests : TestFolder
{
    public static TheoryData<string, string> Carriers => new() { { "smc-d", "SMC-D" }, { "tcp", "TCP" }, { "uds", "UDS" } };

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_file_arrives_and_both_ends_agree_on_its_digest(string over, string mode)
    {
        string digest = MakeFile(3_000_001);
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--over", over, "--listen", ListenAt(over), "--out", At("out"), "--count", "1");
        await using (server)
        {
            Ended sent = await SmcProcess.RunAsync("send", At("file"), "--to", address, "--over", over);
            Assert.Equal("", sent.Errors);
            Assert.Equal(0, sent.ExitCode);
            Assert.Matches($"3000001 bytes  sha256 {digest}  [0-9.]+ s  {mode}\n$", sent.Output);

            Ended served = await server.EndAsync();
            Assert.Equal(0, served.ExitCode);
            Assert.Matches($"3000001 bytes  sha256 {digest}  [0-9.]+ s  {mode}\n$", served.Output);
        }
        Assert.Equal(digest, Digest(At("out")));
        Assert.Equal(["file", "out"], Names());
    }

    [Theory]
    [InlineData("--sink")]
    [InlineData("--echo")]
    public async Task A_sink_and_an_echo_verify_a_file_as_well(string kind)
    {
        string digest = MakeFile(1_000_000);
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", kind, "--count", "1");
        await using (server)
        {
            Ended sent = await SmcProcess.RunAsync("send", At("file"), "--to", address);
            Assert.Equal((0, ""), (sent.ExitCode, sent.Errors));
            Assert.Contains(digest, sent.Output, StringComparison.Ordinal);
            Assert.Equal(kind == "--echo", sent.Output.Contains("echoed", StringComparison.Ordinal));
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
        }
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        MakeFile(0);
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--out", At("out"), "--count", "1");
        await using (server)
        {
            Assert.Equal(0, (await SmcProcess.RunAsync("send", At("file"), "--to", address)).ExitCode);
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
        }
        Assert.Equal(0, new FileInfo(At("out")).Length);
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_ends_in_order()
    {
        (SmcProcess server, _) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--out", At("out"));
        await using (server)
        {
            server.Terminate();
            Ended ended = await server.EndAsync();
            Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
            Assert.EndsWith("stopped\n", ended.Output, StringComparison.Ordinal);
        }
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Check_says_that_a_serving_smc_would_be_SMC()
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0");
        await using (server)
        {
            Ended check = await SmcProcess.RunAsync("check", address);
            Assert.Equal((0, $"{address} would be SMC-D.\n", ""), (check.ExitCode, check.Output, check.Errors));
        }
    }

    private string ListenAt(string over) => over == "uds" ? At("socket") : "127.0.0.1:0";

    private string MakeFile(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(At("file"), bytes);
        return Digest(At("file"));
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
