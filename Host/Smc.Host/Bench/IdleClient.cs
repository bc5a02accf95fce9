using Smc.Host.Carriers;

namespace Smc.Host.Bench;

/// <summary>Connections that were used once and then do nothing: what they cost in CPU, memory and descriptors.</summary>
internal sealed class IdleClient(PeerConfiguration configuration, Carrier carrier) : BenchClient(configuration, carrier)
{
    private const int WarmUpConnections = 20;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly List<Connection> _idle = new(configuration.Connections);
    private double _resident;
    private double _descriptors;

    private TimeSpan Watched => TimeSpan.FromMilliseconds(Configuration.RunMilliseconds);

    public override async Task PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        await OpenAsync(WarmUpConnections, ct);
        await CloseAsync();
        (ProcessUsage client, ProcessUsage server) = (ProcessUsage.ReadAll(), await ServerUsageAsync(true, ct));
        await OpenAsync(Configuration.Connections, ct);
        (ProcessUsage clientNow, ProcessUsage serverNow) = (ProcessUsage.ReadAll(), await ServerUsageAsync(true, ct));
        _resident = (double)(clientNow.ResidentBytes - client.ResidentBytes + serverNow.ResidentBytes - server.ResidentBytes) / Configuration.Connections;
        _descriptors = (double)(clientNow.Descriptors - client.Descriptors + serverNow.Descriptors - server.Descriptors) / Configuration.Connections;
        await Task.Delay(Watched < Settling ? Watched : Settling, ct);
    }

    /// <summary>CPU microseconds per second of both processes together, while nothing is sent.</summary>
    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        TimeSpan watched = Watched;
        Measured m = await MeasureAsync(async () =>
        {
            await Task.Delay(watched, ct);
            return watched;
        }, ct);
        double microseconds = (m.CpuClient + m.CpuServer) / m.Seconds * 1e6;
        return new RunResult(microseconds, null, null, null, null, 0, _resident, _descriptors);
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async Task OpenAsync(int count, CancellationToken ct)
    {
        var block = new byte[1];
        for (; count > 0; count--)
        {
            _idle.Add(await ConnectAsync(ct));
            await ConnectClient.TouchAsync(_idle[^1].Stream, block, ct);
        }
    }

    private async Task CloseAsync()
    {
        foreach (Connection connection in _idle) await connection.DisposeAsync();
        _idle.Clear();
    }
}
