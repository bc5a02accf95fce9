using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;

namespace Smc.Host.Pbm;

/// <summary>A client of the embedded command host.</summary>
internal sealed class PbmClient : IDisposable
{
    /// <summary>How long a host may say nothing: it says every 5 s that a command goes on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TcpClient _connection;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private PbmClient(TcpClient connection)
    {
        _connection = connection;
        _reader = new StreamReader(connection.GetStream());
        _writer = new StreamWriter(connection.GetStream()) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>Connects.</summary>
    /// <param name="at">Where the host listens.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CommandFailure">Nobody listens there.</exception>
    public static async Task<PbmClient> ConnectAsync(EndPoint at, CancellationToken ct)
    {
        var connection = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await connection.Client.ConnectAsync(at, limit.Token);
            return new PbmClient(connection);
        }
        catch (SocketException failure)
        {
            connection.Dispose();
            throw FailureText.Connecting($"{at}", failure);
        }
        catch (OperationCanceledException)
        {
            connection.Dispose();
            ct.ThrowIfCancellationRequested();
            throw FailureText.Connecting($"{at}", new SocketException((int)SocketError.TimedOut));
        }
    }

    /// <summary>Sends a line, with the width of the terminal where that matters, and gives every response to <paramref name="print"/>.</summary>
    /// <returns>False where a response says what is wrong.</returns>
    /// <exception cref="CommandFailure">The host has closed the connection, does not answer, or is none.</exception>
    public Task<bool> ExecuteAsync(string line, Action<string> print, CancellationToken ct) => ExecuteAsync(PaletteLine.Fit(line, Terminal.Width), print, Patience, ct);

    /// <summary>The same for who waits so long for a host that says nothing.</summary>
    public async Task<bool> ExecuteAsync(string line, Action<string> print, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            await _writer.WriteLineAsync(line.AsMemory(), limit.Token);
            while (await _reader.ReadLineAsync(limit.Token) is { } response)
            {
                limit.CancelAfter(patience);
                using JsonDocument json = JsonDocument.Parse(response);
                string text = json.RootElement.GetProperty("msg").GetString()!;
                bool isError = json.RootElement.GetProperty("error").GetBoolean();
                if (text.Length > 0) print(PlainText.Lines(text));
                if (json.RootElement.GetProperty("final").GetBoolean()) return !isError;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CommandFailure.Failed("the host does not answer.");
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw CommandFailure.Failed("who listens there is no command host.", failure);
        }
        catch (IOException)
        {
            // As its end.
        }

        throw CommandFailure.Failed("the host has closed the connection.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _connection.Dispose();
    }
}
