using System.Runtime.InteropServices;

namespace Smc.Host.CommandLine;

/// <summary>Turns the first Ctrl+C, or SIGTERM, into a cancellation; a second one ends the process at once. A Ctrl+C that is meant for an
/// <see cref="Interruption"/> is not counted.</summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Termination() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        if (context.Signal == PosixSignal.SIGINT && Interruption.TryInterrupt()) return;
        _source.Cancel();
    }
}
