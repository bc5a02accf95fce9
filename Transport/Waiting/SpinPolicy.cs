using System.Diagnostics;

namespace Smc.Transport.Waiting;

/// <summary>
/// How long one direction of one connection looks before it sleeps. It learns what a spin gained against what it cost: a spin that wins saves a
/// sleep and a wake-up, a spin that loses burns a core. One thread at a time.
/// <code>
/// a wait that                                patience afterwards
/// a spin met                                 four times what it took, at least what a sleep costs; less than before only by an eighth
/// a spin met, as the last 16 before it       the same, and at least half of the longest: who streams is not put to sleep by one interruption
/// a sleep met within the longest spin        at least the whole wait: it was an interruption, and so long a spin would have met it
/// a sleep met later                          half, down to none; then the 2nd wait spins as long as it may, to try again, the 4th after it, the 8th, ...
/// </code>
/// </summary>
internal struct SpinPolicy
{
    /// <summary>Once spinning has turned itself off, the wait of so many that tries it again, twice as many after each such probe that lost: who has met a
    /// burst of interruptions is soon itself again, and who never wins by spinning loses a spin in <see cref="MostProbeInterval"/> waits.</summary>
    public const int FirstProbeInterval = 2;

    /// <summary>The most that it becomes.</summary>
    public const int MostProbeInterval = 64;

    /// <summary>Wins one after another that make a stream, or a dialogue, of a direction.</summary>
    public const int StreakOfWins = 16;

    /// <summary>A win is worth patience for this many times what it took.</summary>
    private const int Margin = 4;

    /// <summary>The part of the longest spin that a new connection is patient for.</summary>
    private const int FirstPart = 4;

    /// <summary>The part of it that a streak is patient for: as long as it takes the peer to be woken, on a machine that is slow at that.</summary>
    private const int StreakPart = 2;

    private static readonly long TicksPerMicrosecond = Stopwatch.Frequency / 1_000_000;

    /// <summary>What a sleep and its wake-up cost the processors, at the least.</summary>
    private static readonly long SleepCost = 5 * TicksPerMicrosecond;

    private readonly long _longest;
    private long _patience;
    private int _sinceProbe;
    private int _probeInterval = FirstProbeInterval;
    private int _streak;

    /// <param name="longestMicroseconds">The most that one wait may spin; 0 turns spinning off for good.</param>
    public SpinPolicy(int longestMicroseconds)
    {
        _longest = longestMicroseconds * TicksPerMicrosecond;
        _patience = _longest / FirstPart;
    }

    /// <summary>Spins that found what they waited for.</summary>
    public long Wins { get; private set; }

    /// <summary>Spins that ended in sleep.</summary>
    public long Losses { get; private set; }

    /// <summary>The ticks (<see cref="Stopwatch.Frequency"/> a second) to spin for now; 0 means sleep at once.</summary>
    public long Begin()
    {
        if (_patience > 0) return _patience;
        if (_longest == 0 || ++_sinceProbe < _probeInterval) return 0;
        _sinceProbe = 0;
        _probeInterval = Math.Min(2 * _probeInterval, MostProbeInterval);
        return _longest;
    }

    /// <summary>The spin found something after <paramref name="ticks"/>.</summary>
    public void Won(long ticks)
    {
        Wins++;
        _probeInterval = FirstProbeInterval;
        if (_streak < StreakOfWins) _streak++;
        long least = _streak < StreakOfWins ? SleepCost : _longest / StreakPart;
        long wanted = Math.Min(_longest, Math.Max(ticks * Margin, least));
        _patience = Math.Max(wanted, _patience - (_patience >> 3));
    }

    /// <summary>The spin ended in sleep. What is to be learned from that, <see cref="Slept"/> tells.</summary>
    public void Lost() => Losses++;

    /// <summary>A wait that slept is over.</summary>
    /// <param name="ticks">From its begin, with its spin, where it had one, and its wake-up.</param>
    public void Slept(long ticks)
    {
        if (ticks <= _longest)
        {
            _patience = Math.Max(_patience, ticks);
            return;
        }

        _streak = 0;
        _patience >>= 1;
        if (_patience < SleepCost) _patience = 0;
    }
}
