using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Host.Text;
using Smc.Host.Transfer;

namespace Smc.Host.Demo;

/// <summary>
/// One of the demo's two processes: does what its lines say and answers each with a line. While a transfer runs it goes on answering, so
/// that the table of connections shows living ones.
/// </summary>
internal sealed class DemoPeer(string rendezvousFolder) : IAsyncDisposable
{
    private readonly Lock _output = new();
    private byte[] _source = [];
    private byte[] _received = [];
    private Carrier? _carrier;
    private CarrierListener? _listener;
    private Connection? _connection;

    public async Task RunAsync(TextReader input, TextWriter output, CancellationToken ct)
    {
        var answer = (string line) =>
        {
            lock (_output)
            {
                output.WriteLine(line);
                output.Flush();
            }
        };
        while (await input.ReadLineAsync(ct) is { } line)
        {
            string[] words = line.Split(' ', 3);
            _ = Task.Run(async () =>
            {
                try
                {
                    answer(await AnswerAsync(words, answer, ct));
                }
                catch (Exception failure)
                {
                    answer($"failed {FailureText.Describe(failure).Line}");
                }
            }, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_listener is not null) await _listener.DisposeAsync();
        if (_carrier is not null) await _carrier.DisposeAsync();
    }

    private async Task<string> AnswerAsync(string[] words, Action<string> progress, CancellationToken ct)
    {
        switch (words[0])
        {
            case "load":
                _source = await File.ReadAllBytesAsync(string.Join(' ', words[1..]), ct);
                return $"loaded {Quantity.Hex(SHA256.HashData(_source))}";
            case "listen":
                _listener = await (await StartCarrierAsync(words[1], ct)).ListenAsync(words[2], ct);
                return $"listening {_listener.Address}";
            case "accept":
                _connection = await _listener!.AcceptAsync(ct);
                return "accepted";
            case "connect":
                _connection = await (await StartCarrierAsync(words[1], ct)).ConnectAsync(words[2], ct);
                return $"connected {_connection.Mode} {_connection.Fallback}".TrimEnd();
            case "prepare":
                _received = new byte[long.Parse(words[1], CultureInfo.InvariantCulture)];
                Array.Fill(_received, (byte)1);
                return "prepared";
            case "receive":
                return "received " + await TimedTransfer.OnThreadAsync(() => TimedTransfer.Receive(_connection!.Stream, Part(_received, words[1]), progress));
            case "send":
                return "sent " + await TimedTransfer.OnThreadAsync(() => TimedTransfer.Send(_connection!.Stream, Part(_source, words[1])));
            case "verify":
                return $"verified {await StoreAsync(string.Join(' ', words[1..]), ct)}";
            case "return":
                _source = _received;
                return "returned";
            case "connections":
                return $"connections {JsonSerializer.Serialize(await ConnectionRows.ReadAsync(_carrier, ct), ConnectionRows.Json.Default.ConnectionRowArray)}";
            default:
                await DisposeAsync();
                (_connection, _listener, _carrier) = (null, null, null);
                return "closed";
        }
    }

    private async Task<Carrier> StartCarrierAsync(string over, CancellationToken ct) =>
        _carrier = await Carrier.StartAsync(DemoRun.Settings(OverNames.Parse(over), rendezvousFolder), ct);

    private async Task<string> StoreAsync(string path, CancellationToken ct)
    {
        using PendingFile file = PendingFile.Create(path);
        Task<byte[]> digest = Task.Run(() => SHA256.HashData(_received), ct);
        await file.Stream.WriteAsync(_received, ct);
        file.Commit();
        return Quantity.Hex(await digest);
    }

    private static Memory<byte> Part(byte[] bytes, string length) => bytes.AsMemory(0, int.Parse(length, CultureInfo.InvariantCulture));
}
