using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Smc.Host.CommandLine;

namespace Smc.Host.Pbm;

/// <summary>A client of the embedded command host.</summary>
internal sealed class PbmClient : IDisposable
{
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
        try
        {
            await connection.Client.ConnectAsync(at, ct);
            return new PbmClient(connection);
        }
        catch (SocketException failure)
        {
            connection.Dispose();
            throw FailureText.Connecting($"{at}", failure);
        }
    }

    /// <summary>Sends a line, and gives every response to <paramref name="print"/>.</summary>
    /// <returns>False where a response says what is wrong.</returns>
    public async Task<bool> ExecuteAsync(string line, Action<string> print, CancellationToken ct)
    {
        await _writer.WriteLineAsync(line.AsMemory(), ct);
        while (await _reader.ReadLineAsync(ct) is { } response)
        {
            using JsonDocument json = JsonDocument.Parse(response);
            string text = json.RootElement.GetProperty("msg").GetString()!;
            bool isError = json.RootElement.GetProperty("error").GetBoolean();
            if (text.Length > 0) print(text);
            if (json.RootElement.GetProperty("final").GetBoolean()) return !isError;
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
