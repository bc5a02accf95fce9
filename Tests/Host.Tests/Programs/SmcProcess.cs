using System.Diagnostics;

namespace Smc.Host.Tests.Programs;

/// <summary>How a program ended, and what it said.</summary>
public sealed record Ended(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The built <c>smc</c> program in a process of its own. Every wait has a limit, and says what the program had said by then.</summary>
public sealed class SmcProcess : IAsyncDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private SmcProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Of the operating system.</summary>
    public int Id => _process.Id;

    public static SmcProcess Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "smc.dll"));
        foreach (string arg in args) start.ArgumentList.Add(arg);
        return new SmcProcess(Process.Start(start)!);
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<Ended> RunAsync(params string[] args)
    {
        await using SmcProcess process = Start(args);
        return await process.EndAsync();
    }

    /// <summary>Starts <c>smc serve</c> and waits until it listens.</summary>
    public static async Task<(SmcProcess Process, string Address)> ServeAsync(params string[] args)
    {
        SmcProcess process = Start(["serve", .. args]);
        string line = await process.LineAsync("listening on ");
        return (process, line.Split(' ')[2]);
    }

    /// <summary>The next line that starts with <paramref name="start"/>.</summary>
    public async Task<string> LineAsync(string start)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal)) return line;
        }
        throw new InvalidOperationException($"smc ended without a line '{start}…': {await _errors}");
    }

    public async Task<Ended> EndAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync().WaitAsync(HangGuard);
        await _process.WaitForExitAsync().WaitAsync(HangGuard);
        return new Ended(_process.ExitCode, string.Concat(_lines.Select(l => l + "\n")) + rest, await _errors);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM, which ends a command as Ctrl+C does.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(HangGuard);
        _process.Dispose();
    }
}
