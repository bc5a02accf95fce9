using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>Each run twice: by itself, and while a third process keeps silent handshakes at the same server.</summary>
internal sealed class BesiegedClient(PeerConfiguration configuration, Carrier carrier) : ConnectClient(configuration, carrier)
{
    /// <summary>A siege that shrinks below this share of its silent handshakes is none.</summary>
    private const double LeastShare = 0.9;

    private readonly Besieger _besieger = Besieger.Start(configuration);

    public override async Task<RunResult> RunAsync(CancellationToken ct)
    {
        RunResult quiet = await base.RunAsync(ct);
        await _besieger.BeginAsync(ct);
        RunResult besieged = await base.RunAsync(ct);
        int stood = await _besieger.CountAsync(ct);
        await _besieger.EndAsync(ct);
        if (stood < LeastShare * Configuration.Silent) throw CommandFailure.Failed($"only {stood} of {Configuration.Silent} silent handshakes stood");
        return besieged with { Quiet = quiet };
    }

    public override async ValueTask DisposeAsync()
    {
        await _besieger.DisposeAsync();
        await base.DisposeAsync();
    }
}
