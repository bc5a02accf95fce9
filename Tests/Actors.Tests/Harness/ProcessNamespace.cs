using System.Diagnostics;
using System.Globalization;

namespace Actors.Tests.Harness;

/// <summary>A PID namespace with peer processes in it, which end with it. A process that begins there says its number first:
/// <c>pid NUMBER</c>. For root alone.</summary>
internal sealed class ProcessNamespace : IAsyncDisposable
{
    private const string Begin = "echo pid $$; exec dotnet \"$@\"";

    /// <summary>The kernel gives out the number behind the last one; a thread of somebody else's may have got it first.</summary>
    private const string BeginAs = """
        wanted=$1; shift; exec 3<&0
        while echo $((wanted - 1)) >/proc/sys/kernel/ns_last_pid; do
            sh -c '[ $$ = "$0" ] || exit 99; echo pid $$; exec dotnet "$@"' $wanted "$@" <&3 &
            wait $!; code=$?
            [ $code = 99 ] || exit $code
        done
        """;

    private readonly Process _first;

    private ProcessNamespace(Process first) => _first = first;

    /// <summary>Makes a namespace.</summary>
    public static async Task<ProcessNamespace> StartAsync()
    {
        var start = new ProcessStartInfo("unshare", ["--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", "echo ready; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var place = new ProcessNamespace(Process.Start(start)!);
        Assert.Equal("ready", await place._first.StandardOutput.ReadLineAsync().WaitAsync(Eventually.HangGuard));
        return place;
    }

    /// <summary>Starts a peer there.</summary>
    /// <returns>The peer, and its number there.</returns>
    public async Task<(PeerProcess Peer, int Number)> StartPeerAsync(params string[] args) =>
        await BegunAsync(PeerProcess.Start(Enter("sh", "-c", Begin, "sh"), args));

    /// <summary>Starts a peer that has a number which nobody has any more.</summary>
    public async Task<PeerProcess> StartPeerAsync(int number, params string[] args)
    {
        (PeerProcess peer, int begun) = await BegunAsync(PeerProcess.Start(Enter("sh", "-c", BeginAs, "sh", $"{number}"), args));
        Assert.Equal(number, begun);
        return peer;
    }

    /// <summary>Stops a peer, and the one outside who waits for it, and who continues it when it is continued.</summary>
    public async Task StopAsync(PeerProcess peer, int number)
    {
        using Process kill = Process.Start(Enter("kill", "-STOP", $"{number}"))!;
        await kill.WaitForExitAsync().WaitAsync(Eventually.HangGuard);
        await peer.StoppedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _first.Kill();
        await _first.WaitForExitAsync().WaitAsync(Eventually.HangGuard);
        await _first.StandardInput.BaseStream.DisposeAsync();
        _first.StandardOutput.Dispose();
        _first.Dispose();
    }

    private static async Task<(PeerProcess Peer, int Number)> BegunAsync(PeerProcess peer) =>
        (peer, int.Parse((await peer.LineAsync("pid ")).Split(' ')[1], CultureInfo.InvariantCulture));

    private ProcessStartInfo Enter(params string[] command) =>
        new("nsenter", [$"--pid=/proc/{_first.Id}/ns/pid_for_children", $"--mount=/proc/{_first.Id}/ns/mnt", .. command]);
}
