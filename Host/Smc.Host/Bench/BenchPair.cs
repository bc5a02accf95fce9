using System.Text.Json;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>The two processes of one contender in one cell: fresh for it, and ended after it.</summary>
internal sealed class BenchPair : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(10);

    private readonly PeerProcess _server;
    private readonly PeerProcess _client;

    private BenchPair(PeerProcess server, PeerProcess client) => (_server, _client) = (server, client);

    public static async Task<BenchPair> StartAsync(BenchCell cell, Contender contender, TemporaryFolder folder, CancellationToken ct)
    {
        string at = contender.Over == Over.Uds ? folder.File($"uds-{Guid.NewGuid():N}"[..12]) : "127.0.0.1:0";
        PeerProcess server = PeerProcess.Start("bench-peer", cell.Configure(contender, folder.Path, at, isServer: true).ToString());
        PeerProcess? client = null;
        try
        {
            string address = Expect("listening ", await server.ReadLineAsync(StartLimit, ct));
            client = PeerProcess.Start("bench-peer", cell.Configure(contender, folder.Path, address, isServer: false).ToString());
            Expect("ready", await client.ReadLineAsync(StartLimit, ct));
            return new BenchPair(server, client);
        }
        catch
        {
            if (client is not null) await client.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<RunResult> RunAsync(CancellationToken ct)
    {
        await _client.WriteLineAsync("run");
        string line = await _client.ReadLineAsync(RunLimit, ct);
        return JsonSerializer.Deserialize(line, PeerJson.Default.RunResult) ?? throw CommandFailure.Failed("a bench process answered nothing.");
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static string Expect(string start, string line) => line.StartsWith(start, StringComparison.Ordinal)
        ? line[start.Length..]
        : throw CommandFailure.Failed($"a bench process said '{line}', not '{start.Trim()}'.");
}
