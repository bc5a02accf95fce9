using System.Net;
using Smc.Host.CommandLine;

namespace Smc.Host.Pbm;

/// <summary>Lines from a terminal, one command each, until <c>exit</c>, <c>quit</c> or the end of the input. Ctrl+C ends a command, not the prompt. A host
/// that is gone, or has shown this client out, is connected to again at the next command.</summary>
internal sealed class PbmPrompt(EndPoint at, PbmClient client) : IDisposable
{
    private PbmClient? _client = client;

    public async Task RunAsync(CancellationToken ct)
    {
        var editor = new LineEditor($"[{(at is DnsEndPoint name ? $"{name.Host}:{name.Port}" : at)}] pbm> ");
        while (await Task.Run(editor.Read, CancellationToken.None).WaitAsync(ct) is { } line && line.Trim() is not ("exit" or "quit"))
        {
            if (line.Trim().Length > 0) await ExecuteAsync(line, ct);
        }
    }

    public void Dispose() => _client?.Dispose();

    private async Task ExecuteAsync(string line, CancellationToken ct)
    {
        using var command = new Interruption(ct);
        try
        {
            _client ??= await PbmClient.ConnectAsync(at, command.Token);
            await _client.ExecuteAsync(line, Console.WriteLine, command.Token);
            return;
        }
        catch (CommandFailure failure)
        {
            Console.WriteLine(failure.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Console.WriteLine();   // behind the ^C
        }

        _client?.Dispose();   // what the command still says is for nobody
        _client = null;
    }
}
