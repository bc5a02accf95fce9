using System.Net;
using System.Net.Sockets;

namespace Smc.Host.Tests.Programs;

/// <summary>Transfers that do not come to their end: nothing may have the final name.</summary>
public sealed class BrokenTransferTests : TestFolder
{
    private const long HugeFile = 64L << 30;
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("smc-d")]
    [InlineData("tcp")]
    public async Task Nothing_has_the_final_name_when_the_sender_is_killed(string over)
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--over", over, "--listen", "127.0.0.1:0", "--out", At("out"), "--count", "1");
        await using (server)
        {
            Task begun = BegunAsync();
            await using (SmcProcess sender = SmcProcess.Start("send", MakeHugeFile(), "--to", address, "--over", over))
            {
                await begun;
                sender.Kill();
            }
            Ended served = await server.EndAsync();
            Assert.Equal(1, served.ExitCode);
            Assert.StartsWith("smc: ", Assert.Single(served.ErrorLines), StringComparison.Ordinal);
        }
        Assert.Equal(["huge"], Names());
    }

    [Theory]
    [InlineData("smc-d")]
    [InlineData("tcp")]
    public async Task The_sender_says_in_one_line_that_the_receiver_was_killed(string over)
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--over", over, "--listen", "127.0.0.1:0", "--out", At("out"), "--count", "1");
        await using (server)
        {
            Task begun = BegunAsync();
            await using SmcProcess sender = SmcProcess.Start("send", MakeHugeFile(), "--to", address, "--over", over);
            await begun;
            server.Kill();
            Ended sent = await sender.EndAsync();
            Assert.Equal((1, ""), (sent.ExitCode, sent.Output));
            Assert.StartsWith("smc: ", Assert.Single(sent.ErrorLines), StringComparison.Ordinal);
        }
        Assert.DoesNotContain("out", Names());
    }

    [Fact]
    public async Task A_receiver_that_is_told_to_stop_leaves_nothing_behind()
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--out", At("out"));
        await using (server)
        {
            Task begun = BegunAsync();
            await using SmcProcess sender = SmcProcess.Start("send", MakeHugeFile(), "--to", address);
            await begun;
            server.Terminate();
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
            Assert.Equal(1, (await sender.EndAsync()).ExitCode);
        }
        Assert.Equal(["huge"], Names());
    }

    [Theory]
    [InlineData(0, "checksum mismatch")]
    [InlineData(1, "ended")]
    public async Task Wrong_and_missing_bytes_are_refused(int missing, string complaint)
    {
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--over", "tcp", "--listen", "127.0.0.1:0", "--out", At("out"), "--count", "1");
        await using (server)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPEndPoint.Parse(address));
            byte[] wrongDigest = new byte[32];
            byte[] request = [.. "SMCSEND1"u8, 0, 0, 0, 0, 0, 0, 0, 3, .. "abc"u8, .. wrongDigest];
            await socket.SendAsync(request.AsMemory(0, request.Length - missing * (wrongDigest.Length + 1)));
            socket.Shutdown(SocketShutdown.Send);
            Ended served = await server.EndAsync();
            Assert.Equal(1, served.ExitCode);
            Assert.Contains(complaint, Assert.Single(served.ErrorLines), StringComparison.Ordinal);
        }
        Assert.Empty(Names());
    }

    [Fact]
    public async Task The_sender_says_in_one_line_that_the_receiver_could_not_store()
    {
        string gone = Directory.CreateDirectory(At("gone")).FullName;
        File.WriteAllBytes(At("file"), new byte[300_000]);
        (SmcProcess server, string address) = await SmcProcess.ServeAsync("--listen", "127.0.0.1:0", "--out", Path.Combine(gone, "out"), "--count", "1");
        await using (server)
        {
            Directory.Delete(gone);
            Ended sent = await SmcProcess.RunAsync("send", At("file"), "--to", address);
            Assert.Equal(1, sent.ExitCode);
            Assert.Contains("could not store", Assert.Single(sent.ErrorLines), StringComparison.Ordinal);
            Ended served = await server.EndAsync();
            Assert.Equal(1, served.ExitCode);
            Assert.Contains("no such folder", Assert.Single(served.ErrorLines), StringComparison.Ordinal);
        }
    }

    /// <summary>Done when the receiver has begun to write.</summary>
    private async Task BegunAsync()
    {
        var begun = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(Folder, ".out.*.part");
        watcher.Changed += (_, _) => begun.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await begun.Task.WaitAsync(HangGuard);
    }

    /// <summary>A file without blocks, too long to be sent before somebody is killed.</summary>
    private string MakeHugeFile()
    {
        using FileStream file = File.Create(At("huge"));
        file.SetLength(HugeFile);
        return At("huge");
    }
}
