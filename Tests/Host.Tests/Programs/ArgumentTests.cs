using System.Net;
using System.Net.Sockets;

namespace Smc.Host.Tests.Programs;

/// <summary>What cannot be done ends in one clear line and an exit code that is not zero.</summary>
public sealed class ArgumentTests : TestFolder
{
    [Theory]
    [InlineData("--listen", "serve")]
    [InlineData("port is missing", "serve", "--listen", "localhost")]
    [InlineData("in brackets", "serve", "--listen", "::1:7000")]
    [InlineData("choose one", "serve", "--listen", "127.0.0.1:0", "--echo", "--sink")]
    [InlineData("choose one", "serve", "--listen", "127.0.0.1:0", "--echo", "--out", "x")]
    [InlineData("--count", "serve", "--listen", "127.0.0.1:0", "--count", "-1")]
    [InlineData("carries nothing", "serve", "--listen", "127.0.0.1:0", "--over", "pigeon")]
    [InlineData("port must be", "check", "localhost:http")]
    [InlineData("there are streams, connect", "bench", "--only", "nothing")]
    [InlineData("decode", "decode")]
    [InlineData("no size", "demo", "--size", "big")]
    [InlineData("--seed", "demo", "--seed", "x")]
    [InlineData("bogus", "bogus")]
    public async Task Bad_arguments_are_one_line(string complaint, params string[] args) => AssertFailed(await SmcProcess.RunAsync(args), 64, complaint);

    [Fact]
    public async Task A_busy_port_is_one_line()
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0");
        await using (server) AssertFailed(await SmcProcess.RunAsync("serve", "--listen", address), 1, $"{address}: the port is in use");
    }

    [Fact]
    public async Task An_unreachable_peer_is_one_line()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string address = bound.LocalEndPoint!.ToString()!;
        File.WriteAllText(At("file"), "x");
        AssertFailed(await SmcProcess.RunAsync("send", At("file"), "--to", address), 2, $"{address}: nobody listens there");
        AssertFailed(await SmcProcess.RunAsync("check", address), 2, $"{address}: nobody listens there");
    }

    [Fact]
    public async Task A_missing_file_is_one_line()
    {
        AssertFailed(await SmcProcess.RunAsync("send", At("missing"), "--to", "127.0.0.1:1"), 1, $"no such file: {At("missing")}");
        if (OperatingSystem.IsLinux()) AssertFailed(await SmcProcess.RunAsync("send", "/dev/stdin", "--to", "127.0.0.1:1"), 1, "/dev/stdin has no length");
        AssertFailed(await SmcProcess.RunAsync("decode", At("missing")), 1, $"no such file: {At("missing")}");
    }

    [Fact]
    public async Task A_missing_folder_is_one_line() =>
        AssertFailed(await SmcProcess.RunAsync("serve", "--listen", "127.0.0.1:0", "--out", At("missing/out")), 1, $"no such folder: {At("missing")}");

    internal static void AssertFailed(Ended ended, int code, string complaint)
    {
        Assert.Equal(code, ended.ExitCode);
        string line = Assert.Single(ended.ErrorLines);
        Assert.StartsWith("smc: ", line, StringComparison.Ordinal);
        Assert.Contains(complaint, line, StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
    }
}
