using System.Diagnostics;
using Smc.Host.CommandLine;

namespace Smc.Host.Processes;

/// <summary>This program once more, as another process that is told by lines on its standard input and answers by lines.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static PeerProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <param name="settings">Environment variables of the peer's own.</param>
    /// <param name="args">Its command line.</param>
    public static PeerProcess Start(IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        ProcessStartInfo start = Self();
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        foreach (string arg in args) start.ArgumentList.Add(arg);
        return new PeerProcess(Process.Start(start) ?? throw CommandFailure.Failed("a second process could not be started."));
    }

    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            throw await EndedAsync();
        }
    }

    /// <summary>The next line of the peer.</summary>
    /// <exception cref="CommandFailure">It ended, or said nothing for <paramref name="limit"/>.</exception>
    public async Task<string> ReadLineAsync(TimeSpan limit, CancellationToken ct)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(ct);
        guard.CancelAfter(limit);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(guard.Token) ?? throw await EndedAsync();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CommandFailure.Failed($"process {Id} said nothing for {limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Closes the peer's input, which ends it; a peer that does not end is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Farewell);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    /// <summary>Ends the peer without waiting for it.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.Dispose();
    }

    private async Task<CommandFailure> EndedAsync()
    {
        string[] lines = (await _errors.WaitAsync(Farewell)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string last = lines.LastOrDefault(l => l.StartsWith("smc: ", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "no message";
        return CommandFailure.Failed($"process {Id} ended: {last.Replace("smc: ", "", StringComparison.Ordinal)}");
    }

    private static ProcessStartInfo Self()
    {
        string program = Environment.ProcessPath ?? "dotnet";
        bool isOurs = Path.GetFileNameWithoutExtension(program) == "smc";
        var start = new ProcessStartInfo(isOurs ? program : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!isOurs) start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "smc.dll"));
        return start;
    }
}
