using Smc.Host.Carriers;

namespace Smc.Host.Bench;

/// <summary>Each run of a workload twice, beside connections that idle: by itself, and while a third process looks into the server. Every other run begins
/// with that.</summary>
internal sealed class WatchedClient(PeerConfiguration configuration, Carrier carrier, BenchClient measured) : BenchClient(configuration, carrier)
{
    private readonly Onlookers _onlookers = Onlookers.Start(configuration with { ClientProcess = Environment.ProcessId });
    private readonly List<Connection> _idle = new(configuration.Idle);
    private int _runs;

    /// <summary>Also warms all three processes up: the halves of the first run would differ by that alone.</summary>
    public override async Task PrepareAsync(CancellationToken ct)
    {
        var block = new byte[1];
        while (_idle.Count < Configuration.Idle)
        {
            _idle.Add(await ConnectAsync(ct));
            await ConnectClient.TouchAsync(_idle[^1].Stream, block, ct);
        }

        await measured.PrepareAsync(ct);
        await RunWatchedAsync(ct);
    }

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        if (_runs++ % 2 == 1) return await RunWatchedAsync(ct) with { Quiet = await measured.RunAsync(ct) };
        RunResult alone = await measured.RunAsync(ct);
        return await RunWatchedAsync(ct) with { Quiet = alone };
    }

    public override async ValueTask DisposeAsync()
    {
        await _onlookers.DisposeAsync();
        foreach (Connection connection in _idle) await connection.DisposeAsync();
        await measured.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<RunResult> RunWatchedAsync(CancellationToken ct)
    {
        await _onlookers.BeginAsync(ct);
        RunResult watched = await measured.RunAsync(ct);
        (double answers, double cpu) = await _onlookers.EndAsync(ct);
        return watched with { Looked = answers, LookedCpuMs = cpu };
    }
}
