using System.Net;
using System.Net.Sockets;
using Smc.Host.Tests.Programs;

namespace Smc.Host.Tests.Pbm;

/// <summary><c>smc pbm</c> and the palette of <c>smc serve --pbm</c>, each a process.</summary>
public sealed class PbmTests : TestFolder
{
    [Fact]
    public async Task An_operator_asks_a_server_by_its_palette()
    {
        await File.WriteAllTextAsync(At("smc.conf"), $"smc.rendezvous.folder = \"{At("rendezvous")}\"");
        string at = $"127.0.0.1:{FreePort()}";
        (SmcProcess server, _) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"), "--pbm", at);
        await using (server)
        {
            Ended info = await AskAsync(at, "smc", "info");
            Assert.Equal(0, info.ExitCode);
            Assert.Contains($"Process      {server.Id}\n", info.Output, StringComparison.Ordinal);
            Assert.Contains("smc connection        Explains one connection", (await AskAsync(at, "help")).Output, StringComparison.Ordinal);
            Assert.StartsWith("{\n  \"report\": \"connections\",\n  \"open\": 0,", (await AskAsync(at, "smc", "connections", "-j")).Output, StringComparison.Ordinal);

            Assert.Matches(@"^Count: \d+ events?\n$", (await AskAsync(at, "smc", "tail", "-s", "100ms")).Output);

            Ended refused = await AskAsync(at, "smc", "ueid-flush");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("smc.inspection.allow-mutations", refused.Output, StringComparison.Ordinal);

            Ended wrong = await AskAsync(at, "smc", "connections", "-m", "rdma");
            Assert.Equal((1, "-m must be smcd or smcr or tcp, was 'rdma'.\n"), (wrong.ExitCode, wrong.Output));
            Assert.Equal("There is no palette 'cluster'; there are smc.\n", (await AskAsync(at, "cluster", "show")).Output);
            Assert.Equal("connection needs -i; smc help lists the commands.\n", (await AskAsync(at, "smc", "connection")).Output);
        }
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_named()
    {
        int port = FreePort();
        Ended nobody = await AskAsync($"127.0.0.1:{port}", "smc", "info");
        Assert.Equal((2, $"smc: cannot reach 127.0.0.1:{port}: nobody listens there.\n"), (nobody.ExitCode, nobody.Errors));
    }

    [Theory]
    [InlineData("127.0.0.1:0", "--pbm needs a port")]
    [InlineData("localhost:9110", "--pbm needs an address, not the name 'localhost'")]
    public async Task A_place_where_no_host_can_be_is_refused(string at, string complaint)
    {
        Ended refused = await SmcProcess.RunAsync("serve", "--listen", "127.0.0.1:0", "--pbm", at);
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains(complaint, refused.Errors, StringComparison.Ordinal);
    }

    private static Task<Ended> AskAsync(string at, params string[] words) => SmcProcess.RunAsync(["pbm", at, .. words]);

    /// <summary>A port of 127.0.0.1 that nobody has.</summary>
    internal static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
