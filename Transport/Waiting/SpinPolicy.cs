using System.Diagnostics;

namespace Smc.Transport.Waiting;

/// <summary>
/// How long one direction of one connection looks before it sleeps. It learns: what a spin gained against what it cost. A spin that wins
/// saves a sleep and a wake-up, a spin that loses burns a core. Losing halves the patience down to none; one wait in
/// <see cref="ProbeInterval"/> then tries again. One thread at a time.
/// </summary>
internal struct SpinPolicy
{
    /// <summary>Waits without a spin between two probes, once spinning has turned itself off.</summary>
    public const int ProbeInterval = 64;

    /// <summary>A win is worth patience for this many times what it took.</summary>
    private const int Margin = 4;

    private static readonly long TicksPerMicrosecond = Stopwatch.Frequency / 1_000_000;

    /// <summary>What a sleep and its wake-up cost: as much is worth waiting for wherever spinning wins, so that one interrupt does not end it.</summary>
    private static readonly long SleepCost = 5 * TicksPerMicrosecond;

    private readonly long _longest;
    private long _patience;
    private int _sinceProbe;

    /// <param name="longestMicroseconds">The most that one wait may spin; 0 turns spinning off for good.</param>
    public SpinPolicy(int longestMicroseconds)
    {
        _longest = longestMicroseconds * TicksPerMicrosecond;
        _patience = _longest;
    }

    /// <summary>Spins that found what they waited for.</summary>
    public long Wins { get; private set; }

    /// <summary>Spins that ended in sleep.</summary>
    public long Losses { get; private set; }

    /// <summary>The ticks (<see cref="Stopwatch.Frequency"/> a second) to spin for now; 0 means sleep at once.</summary>
    public long Begin()
    {
        if (_patience > 0) return _patience;
        if (_longest == 0 || ++_sinceProbe < ProbeInterval) return 0;
        _sinceProbe = 0;
        return _longest;
    }

    /// <summary>The spin found something after <paramref name="ticks"/>.</summary>
    public void Won(long ticks)
    {
        Wins++;
        long wanted = Math.Min(_longest, Math.Max(ticks * Margin, SleepCost));
        _patience = Math.Max(wanted, _patience - (_patience >> 3));
    }

    /// <summary>The spin ended in sleep.</summary>
    public void Lost()
    {
        Losses++;
        _patience >>= 1;
        if (_patience < TicksPerMicrosecond) _patience = 0;
    }
}
