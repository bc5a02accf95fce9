using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>Each run twice: by itself, and while a third process keeps silent handshakes at the same server. Every other run begins with that.</summary>
internal sealed class BesiegedClient(PeerConfiguration configuration, Carrier carrier) : ConnectClient(configuration, carrier)
{
    /// <summary>A siege that shrinks below this share of its silent handshakes is none.</summary>
    private const double LeastShare = 0.9;

    private readonly Besieger _besieger = Besieger.Start(configuration);
    private int _runs;

    /// <summary>Also warms both processes up by a run that nobody counts: the halves of the first one would differ by that alone.</summary>
    public override async Task PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        await base.RunAsync(ct);
        await FindCountAsync(ct);
    }

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        if (_runs++ % 2 == 1) return await RunBesiegedAsync(ct) with { Quiet = await base.RunAsync(ct) };
        RunResult quiet = await base.RunAsync(ct);
        return await RunBesiegedAsync(ct) with { Quiet = quiet };
    }

    public override async ValueTask DisposeAsync()
    {
        await _besieger.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<RunResult> RunBesiegedAsync(CancellationToken ct)
    {
        await _besieger.BeginAsync(ct);
        RunResult besieged = await base.RunAsync(ct);
        int stood = await _besieger.CountAsync(ct);
        await _besieger.EndAsync(ct);
        if (stood >= LeastShare * Configuration.Silent) return besieged;
        throw CommandFailure.Failed($"only {stood} of {Configuration.Silent} silent handshakes stood");
    }
}
