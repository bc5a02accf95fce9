using System.Diagnostics;
using System.Net;

namespace Actors.Tests.Harness;

/// <summary>A second process, <c>Smc.Peer</c>, told what to do by lines and heard by lines. Every wait has a limit, and says what had been heard by then.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];
    private bool _isOver;

    private PeerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Lines that have been read.</summary>
    public int Heard => _lines.Count;

    /// <summary>Starts <c>Smc.Peer</c> with these arguments.</summary>
    /// <param name="keepsItsThreads">True where it will have no descriptor left: .NET starts no thread without one, and ends the process.</param>
    /// <param name="args">Kind, task and values.</param>
    public static PeerProcess Start(bool keepsItsThreads, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet");
        if (keepsItsThreads)
        {
            start.Environment["DOTNET_TieredCompilation"] = "0";
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";   // or code that is compiled maps shared memory
            start.Environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "2";   // one reads the orders; both are there when descriptors run out
        }

        return Start(start, args);
    }

    /// <summary>Starts <c>Smc.Peer</c> with a /dev/shm of its own, of which nothing is left; it says first how much: <c>left BLOCKS</c>.</summary>
    public static PeerProcess StartWithFullSharedMemory(params string[] args) => StartWithFullPlace("/dev/shm", args);

    /// <summary>Starts <c>Smc.Peer</c> with a small file system of its own at a place, of which nothing is left; it says first how much:
    /// <c>left BLOCKS</c>.</summary>
    public static PeerProcess StartWithFullPlace(string place, params string[] args)
    {
        const string Fill =
            "mount -t tmpfs -o size=64k,mode=700 tmpfs \"$0\"; cat /dev/zero >\"$0/fill\" 2>/dev/null; echo left $(stat -f -c %f \"$0\"); exec dotnet \"$@\"";
        var start = new ProcessStartInfo("unshare");
        foreach (string arg in (string[])["-m", "sh", "-c", Fill, place]) start.ArgumentList.Add(arg);
        return Start(start, args);
    }

    /// <summary>Starts a server, <c>serve</c> or <c>tcp-serve</c>, and waits until it listens.</summary>
    public static async Task<(PeerProcess Process, IPEndPoint EndPoint)> ListeningAsync(bool keepsItsThreads, params string[] args)
    {
        PeerProcess process = Start(keepsItsThreads, args);
        string line = await process.LineAsync("listening ");
        return (process, IPEndPoint.Parse(line.Split(' ')[1]));
    }

    /// <summary>Starts a client, <c>connect</c> or <c>tcp-connect</c>, and waits until it can be told to connect.</summary>
    public static async Task<PeerProcess> ReadyAsync(bool keepsItsThreads, params string[] args)
    {
        PeerProcess process = Start(keepsItsThreads, args);
        await process.LineAsync("ready");
        return process;
    }

    /// <summary>The next line that starts with one of <paramref name="starts"/>; others are skipped.</summary>
    public async Task<string> LineAsync(params string[] starts)
    {
        string wanted = string.Join("…' or '", starts);
        using var limit = new CancellationTokenSource(Eventually.HangGuard);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                _lines.Add(line);
                if (starts.Any(start => line.StartsWith(start, StringComparison.Ordinal))) return line;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no line '{wanted}…' from the peer; it said: {string.Join(" | ", _lines)}");
        }

        throw new InvalidOperationException($"the peer ended without a line '{wanted}…'; it said: {string.Join(" | ", _lines)} {await _errors}");
    }

    /// <summary>As <see cref="LineAsync(string[])"/>, among the lines that were skipped since there were <see cref="Heard"/> first.</summary>
    public async Task<string> LineAsync(string start, int since) =>
        _lines.Skip(since).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) ?? await LineAsync(start);

    /// <summary>Gives an order, and waits until it has been obeyed: its first word comes back.</summary>
    public async Task ObeyedAsync(string order)
    {
        await TellAsync(order);
        await LineAsync(order.Split(' ')[0]);
    }

    /// <summary>Gives an order.</summary>
    public async Task TellAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Sends a signal by its name without SIG, and waits until it has been sent.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Eventually.HangGuard);
    }

    /// <summary>SIGSTOP, and waits until it has taken effect: until the process gets to the signal its other threads go on.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("STOP");
        await StoppedAsync();
    }

    /// <summary>Waits until the process is stopped, whoever has sent the signal.</summary>
    internal Task StoppedAsync() =>
        Eventually.TrueAsync(() => File.ReadAllText($"/proc/{Id}/stat").Contains(") T ", StringComparison.Ordinal), "the peer to be stopped");

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_isOver) _process.Kill();
        await EndedAsync();
    }

    /// <summary>Waits until the process is gone, and closes its pipes.</summary>
    public async Task EndedAsync()
    {
        if (_isOver) return;
        await _process.WaitForExitAsync().WaitAsync(Eventually.HangGuard);
        _isOver = true;
        await _errors.WaitAsync(Eventually.HangGuard);
        foreach (Stream pipe in new[] { _process.StandardInput.BaseStream, _process.StandardOutput.BaseStream, _process.StandardError.BaseStream })
            await pipe.DisposeAsync();   // a process that is disposed leaves those to the garbage collector that somebody has asked for
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOver && !_process.HasExited) _process.Kill();
        await EndedAsync();
    }

    /// <summary>Starts <c>Smc.Peer</c> by a command that ends where the arguments of <c>dotnet</c> begin.</summary>
    internal static PeerProcess Start(ProcessStartInfo start, string[] args)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";   // its pipe, which nobody opens, takes a descriptor that shows nowhere
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Smc.Peer.dll"));
        foreach (string arg in args) start.ArgumentList.Add(arg);
        return new PeerProcess(Process.Start(start)!);
    }
}
