using Akka.Actor;
using Smc.Actors.Settings;

namespace Smc.Actors.Buffers;

/// <summary>Trims the pool of the loopback-ISM device, from which handshakes take their blocks without a word to this actor: where none was taken for
/// <c>smc.buffers.trim-after</c>, idle ones go.</summary>
internal sealed class DevicePoolActor : ReceiveActor, IWithTimers
{
    private readonly BufferSettings _settings;
    private readonly ClcBuffers _buffers;
    private long _takes;

    /// <param name="settings">When to trim.</param>
    /// <param name="buffers">The pool.</param>
    public DevicePoolActor(BufferSettings settings, ClcBuffers buffers)
    {
        _settings = settings;
        _buffers = buffers;
        Receive<TrimRound>(_ => OnTrimRound());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        if (_settings.TrimAfter > TimeSpan.Zero) Timers.StartPeriodicTimer(TrimRound.Instance, TrimRound.Instance, _settings.TrimAfter);
    }

    private void OnTrimRound()
    {
        long before = _takes;
        _takes = _buffers.Takes;
        if (_takes == before) _buffers.Trim();
    }

    private sealed record TrimRound : INoSerializationVerificationNeeded
    {
        public static readonly TrimRound Instance = new();
    }
}
