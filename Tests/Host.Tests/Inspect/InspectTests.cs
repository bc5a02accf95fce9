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
        Assert.Equal(("17", "/f"), (parsed.Process, parsed.Folder));
        Assert.Equal(["connections", "-p", "10.0.0.9", "-j"], parsed.Words);
    }

    [Fact]
    public void A_mistake_in_them_is_named() =>
        Assert.Contains("'-x' is not understood", Assert.Throws<CommandFailure>(() => InspectArguments.Parse(["-x", "zero", "info"])).Message, StringComparison.Ordinal);

    /// <summary>What each command that looks prints of a server with one connection, which is on TCP.</summary>
    private static readonly (string Command, string Expected)[] Outputs =
    [
        ("devices", "0000  loopback-ism  -       ffff   No        0  -        up"),
        ("devices -d", "DMB size  64 KiB\n"),
        ("linkgroups", "Count: 0 link groups, 0 connections\n"),
        ("links", "Links come with SMC-R, which this version does not have.\n"),
        ("cqs", "smc-cq-0"),
        ("buffers", "Count: 0 of 5000 DMBs, 0 quarantined\n"),
        ("connections -l", "LISTEN"),
        ("connections -a", "(of 1; 0 SMCD; 0 closing; 1 listener)\n"),
        ("connections -d", "Count: 1 connection (of 1; 0 SMCD)\n"),
        ("connection -i c1", "PEER_NO_SMC: The peer does not speak SMC.\n"),
        ("stats", "Count: 1 mode; 1 fallback since the start\n"),
        ("stats -s 300ms", "Count: 1 mode; 0 fallbacks in 0."),
        ("fallbacks -s 1h -p 127.", "Count: 1 fallback, 1 reason\n"),
        ("violations -s 1h", "Count: 0 rules, 0 violations\n"),
        ("ueid-show", "UEID\nSMC-ACTORS-DEFAULT-UEID\nCount: 1 UEID (of 8)\n"),
        ("pnet-show", "Count: 0 PNETIDs\n"),
    ];

    [Fact]
    public async Task An_operator_changes_what_the_settings_allow_and_counts_from_his_own_reset()
    {
        string rendezvous = At("rendezvous");
        await File.WriteAllTextAsync(At("smc.conf"), $"smc {{ rendezvous.folder = \"{rendezvous}\", inspection.allow-mutations = on }}");
        (SmcProcess server, _) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"));
        await using (server)
        {
            Ended added = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "ueid-add", "-e", "TEAM.A");
            Assert.Equal(0, added.ExitCode);
            Assert.StartsWith("TEAM.A is offered and accepted from the next handshake on", added.Output, StringComparison.Ordinal);
            Assert.Contains("TEAM.A\nCount: 2 UEIDs (of 8)\n", (await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "ueid-show")).Output, StringComparison.Ordinal);
            Assert.Equal(1, (await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "linkgroup-drain", "-g", "100")).ExitCode);
            Assert.Equal(1, (await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "connection-abort", "-i", "c1")).ExitCode);
            Assert.Equal(0, (await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "stats-reset")).ExitCode);
            Ended stats = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "stats");
            Assert.Contains("fallbacks since your stats-reset", stats.Output, StringComparison.Ordinal);   // asked by another process of the same user
        }
    }

    [Fact]
    public async Task Another_process_says_what_it_is_and_what_connections_it_has()
    {
        string rendezvous = At("rendezvous");
        await File.WriteAllTextAsync(At("smc.conf"), $"smc.rendezvous.folder = \"{rendezvous}\"");
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"));
        await using (server)
        {
            // Before the first question: what is answered may be a moment old.
            using var plain = new System.Net.Sockets.TcpClient();
            await plain.ConnectAsync(System.Net.IPEndPoint.Parse(address));
            await plain.GetStream().WriteAsync(new byte[] { 1 });
            Assert.Equal(1, await plain.GetStream().ReadAsync(new byte[1]));
            Ended info = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "info");
            Assert.Equal(0, info.ExitCode);
            Assert.Contains($"Process      {server.Id}\n", info.Output, StringComparison.Ordinal);
            string[] listed = (await SmcProcess.RunAsync("inspect", "--folder", rendezvous)).Output.Split('\n');
            Assert.Equal($"Count: 1 process in {rendezvous}", listed[2]);
            string[] names = listed[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);   // number, door, GID
            Assert.Equal($"{server.Id}", names[0]);
            foreach (string name in names)
                Assert.Equal(info.Output, (await SmcProcess.RunAsync("inspect", "-p", name, "--folder", rendezvous, "info")).Output);

            Ended tcp = await SmcProcess.RunAsync("inspect", "-p", $"{server.Id}", "--folder", rendezvous, "connections", "-m", "tcp");
            Assert.Contains("0x03010000", tcp.Output, StringComparison.Ordinal);
            Assert.EndsWith("Count: 1 connection (of 1; 0 SMCD)\n", tcp.Output, StringComparison.Ordinal);

            Ended brief = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "tail", "-s", "100ms");
            Assert.Equal(0, brief.ExitCode);
            Assert.Matches(@"Count: \d+ events?\n$", brief.Output);

            foreach ((string command, string expected) in Outputs)
            {
                Ended answer = await SmcProcess.RunAsync(["inspect", "--folder", rendezvous, .. command.Split(' ')]);
                Assert.True(answer.ExitCode == 0, $"{command}: {answer.Output}{answer.Errors}");
                Assert.Contains(expected, answer.Output, StringComparison.Ordinal);
            }

            Ended check = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "check", "-a", address);
            Assert.Equal((0, $"{address} would be SMC-D.\n"), (check.ExitCode, check.Output));
            Ended refused = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "ueid-add", "-e", "TEAM.A");
            Assert.Equal(
                (1, "ueid-add changes something, and smc.inspection.allow-mutations is off in this process: set it to on to allow it.\n"),
                (refused.ExitCode, refused.Output.ReplaceLineEndings(" ").TrimEnd() + "\n"));

            Ended wrong = await SmcProcess.RunAsync("inspect", "--folder", rendezvous, "connections", "-m", "rdma");
            Assert.Equal((1, "-m must be smcd or smcr or tcp, was 'rdma'.\n"), (wrong.ExitCode, wrong.Output));
            Ended nobody = await SmcProcess.RunAsync("inspect", "-p", "x", "--folder", rendezvous, "info");
            Assert.Equal((2, $"smc: process x is not to be found in {rendezvous}; there are {server.Id} (door {names[1]}).\n"), (nobody.ExitCode, nobody.Errors));
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
