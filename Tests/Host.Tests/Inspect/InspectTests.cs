using Smc.Host.CommandLine;
using Smc.Host.Inspect;
using Smc.Host.Tests.Programs;

namespace Smc.Host.Tests.Inspect;

/// <summary><c>smc inspect</c> of another process.</summary>
public sealed class InspectTests : TestFolder
{
    [Fact]
    public void Options_of_its_own_come_first_and_the_rest_is_the_palettes()
    {
        InspectArguments parsed = InspectArguments.Parse(["-p", "17", "--folder", "/f", "connections", "-p", "10.0.0.9", "-j"]);
        Assert.Equal((17, "/f"), (parsed.ProcessId, parsed.Folder));
        Assert.Equal(["connections", "-p", "10.0.0.9", "-j"], parsed.Words);
    }

    [Theory]
    [InlineData("-p", "must be the number of a process")]
    [InlineData("-x", "'-x' is not understood")]
    public void A_mistake_in_them_is_named(string option, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<CommandFailure>(() => InspectArguments.Parse([option, "zero", "info"])).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Another_process_says_what_it_is_and_what_connections_it_has()
    {
        string rendezvous = At("rendezvous");
        await File.WriteAllTextAsync(At("smc.conf"), $"smc.rendezvous.folder = \"{rendezvous}\"");
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"));
        await using (server)
        {
            Ended info = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "info");
            Assert.Equal(0, info.ExitCode);
            Assert.Contains($"Process      {server.Id}\n", info.Output, StringComparison.Ordinal);
            Assert.Equal($"{server.Id}\nCount: 1 process in {rendezvous}\n", (await SmcProcess.RunAsync("inspect", "--folder", rendezvous)).Output);

            using var plain = new System.Net.Sockets.TcpClient();
            await plain.ConnectAsync(System.Net.IPEndPoint.Parse(address));
            await plain.GetStream().WriteAsync(new byte[] { 1 });
            Assert.Equal(1, await plain.GetStream().ReadAsync(new byte[1]));
            Ended tcp = await SmcProcess.RunAsync("inspect", "-p", $"{server.Id}", "--folder", rendezvous, "connections", "-m", "tcp");
            Assert.Contains("0x03010000", tcp.Output, StringComparison.Ordinal);
            Assert.EndsWith("Count: 1 connection (of 1; 0 SMCD)\n", tcp.Output, StringComparison.Ordinal);

            Ended brief = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "tail", "-s", "100ms");
            Assert.Equal(0, brief.ExitCode);
            Assert.Matches(@"Count: \d+ events?\n$", brief.Output);

            Ended wrong = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "connections", "-m", "rdma");
            Assert.Equal((1, "-m must be smcd or smcr or tcp, was 'rdma'.\n"), (wrong.ExitCode, wrong.Output));
            Ended nobody = await SmcProcess.RunAsync("inspect", "-p", "1", "--folder", rendezvous, "info");
            Assert.Equal((2, $"smc: process 1 is not to be found in {rendezvous}; there are {server.Id}.\n"), (nobody.ExitCode, nobody.Errors));
        }
    }

    [Fact]
    public async Task Who_watches_another_process_sees_its_connections_come_and_go()
    {
        string rendezvous = At("rendezvous");
        await File.WriteAllTextAsync(At("smc.conf"), $"smc.rendezvous.folder = \"{rendezvous}\"");
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"));
        await using (server)
        await using (SmcProcess tail = SmcProcess.Start("inspect", "--folder", rendezvous, "tail", "-j"))
        {
            Task<string> closed = tail.LineAsync("{\"at\":");
            while (!closed.IsCompleted)   // the watch may begin after the first
            {
                using var plain = new System.Net.Sockets.TcpClient();
                await plain.ConnectAsync(System.Net.IPEndPoint.Parse(address));
                await plain.GetStream().WriteAsync(new byte[] { 1 });
                Assert.Equal(1, await plain.GetStream().ReadAsync(new byte[1]));
            }

            Assert.Contains("\"mode\":\"TCP\"", await closed, StringComparison.Ordinal);
            tail.Terminate();
            Assert.Equal(130, (await tail.EndAsync()).ExitCode);
        }
    }
}
