using System.Globalization;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Transfer;

/// <summary>Accepts connections and prints one line for each that has ended.</summary>
internal sealed class Server(bool echo, string? path, int count)
{
    private readonly Lock _output = new();
    private ExitCode _worst = ExitCode.Ok;

    /// <summary>Serves until <c>count</c> connections are done, or until Ctrl+C, which is an orderly end.</summary>
    public async Task<ExitCode> RunAsync(Carrier carrier, string at, CancellationToken ct)
    {
        if (count < 0) throw CommandFailure.Usage("--count must be 0 or more.");
        if (path is not null) PendingFile.Create(path).Dispose();
        await using CarrierListener listener = await carrier.ListenAsync(at, ct);
        WriteLine(Console.Out, $"listening on {listener.Address} ({(echo ? "echo" : path is null ? "sink" : $"out {path}")})");
        var running = new List<Task>();
        try
        {
            for (int n = 0; count == 0 || n < count; n++)
            {
                Connection connection = await listener.AcceptAsync(ct);
                running.RemoveAll(t => t.IsCompleted);
                running.Add(Task.Run(() => ServeAsync(connection, ct), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            WriteLine(Console.Out, "stopped");
        }
        await Task.WhenAll(running);
        return _worst;
    }

    private async Task ServeAsync(Connection connection, CancellationToken ct)
    {
        try
        {
            await using (connection)
            {
                string line = echo ? await EchoServer.EchoAsync(connection, ct) : await new TransferReceiver(connection, path).ReceiveAsync(ct);
                WriteLine(Console.Out, string.Create(CultureInfo.InvariantCulture, $"{connection.Peer}  {line}"));
            }
        }
        catch (Exception failure)
        {
            (ExitCode code, string text) = FailureText.Describe(failure);
            if (code == ExitCode.Cancelled) return;
            if (count > 0) _worst = code;
            WriteLine(Console.Error, $"smc: {text}");
        }
    }

    private void WriteLine(TextWriter writer, string line)
    {
        lock (_output)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
