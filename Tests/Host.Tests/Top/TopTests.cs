using Smc.Host.Tests.Programs;

namespace Smc.Host.Tests.Top;

/// <summary><c>smc top</c> of other processes, without a terminal.</summary>
public sealed class TopTests : TestFolder
{
    [Fact]
    public async Task Frames_are_printed_of_one_process_and_of_all()
    {
        await File.WriteAllTextAsync(At("smc.conf"), $"smc.rendezvous.folder = \"{At("rendezvous")}\"");
        (SmcProcess first, string address) = await ServeAsync();
        (SmcProcess second, _) = await ServeAsync();
        await using (first)
        await using (second)
        {
            using var plain = new System.Net.Sockets.TcpClient();
            await plain.ConnectAsync(System.Net.IPEndPoint.Parse(address));
            await plain.GetStream().WriteAsync(new byte[] { 1 });
            Assert.Equal(1, await plain.GetStream().ReadAsync(new byte[1]));

            Ended one = await TopAsync("-p", $"{first.Id}", "--once");
            Assert.Equal((0, ""), (one.ExitCode, one.Errors));
            Assert.Contains($"   process {first.Id}, Smc.Actors ", one.Output, StringComparison.Ordinal);
            Assert.Contains("Connections  1: 0 SMCD, 0 SMCR, 1 TCP\n", one.Output, StringComparison.Ordinal);
            Assert.Contains("; since they opened\n", one.Output, StringComparison.Ordinal);
            Assert.Contains("Fallbacks    1   Violations 0\n", one.Output, StringComparison.Ordinal);
            Assert.EndsWith("Count: 1 connection\n", one.Output, StringComparison.Ordinal);

            Ended all = await TopAsync("-n", "2", "-d", "100ms", "-o", "age");
            Assert.Equal(0, all.ExitCode);
            Assert.Equal(2, all.Output.Split("   2 processes: ").Length - 1);
            Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(all.Output, $"\n *{first.Id}  c1 +TCP "));
            Assert.Contains("By           age\n", all.Output, StringComparison.Ordinal);

            await using SmcProcess endless = SmcProcess.Start("top", "--folder", At("rendezvous"), "-d", "100ms");
            for (int i = 0; i < 3; i++) await endless.LineAsync("smc top ");
            endless.Terminate();
            Assert.Equal(130, (await endless.EndAsync()).ExitCode);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        Ended none = await TopAsync("--once");
        Assert.Equal((2, $"smc: no process with Smc.Actors is to be found in {At("rendezvous")}.\n"), (none.ExitCode, none.Errors));
        Ended other = await TopAsync("-p", "1", "--once");
        Assert.Equal((2, $"smc: process 1 is not to be found in {At("rendezvous")}.\n"), (other.ExitCode, other.Errors));
    }

    [Theory]
    [InlineData("-d", "1ms", "-d must be at least 100ms, was '1ms'.")]
    [InlineData("-o", "size", "-o must be one of bytes, ")]
    [InlineData("-m", "rdma", "-m must be smcd or smcr or tcp, was 'rdma'.")]
    [InlineData("-n", "0", "-n must be at least 1, was 0.")]
    public async Task A_mistake_is_named(string option, string value, string complaint)
    {
        Ended refused = await TopAsync(option, value);
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains(complaint, refused.Errors, StringComparison.Ordinal);
    }

    private Task<Ended> TopAsync(params string[] args) => SmcProcess.RunAsync(["top", "--folder", At("rendezvous"), .. args]);

    private Task<(SmcProcess Process, string Address)> ServeAsync() => SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--echo", "--config", At("smc.conf"));
}
