using System.Diagnostics;

namespace Smc.Transport.Waiting;

/// <summary>
/// How long one direction of one connection looks before it sleeps. It learns whether looking pays: a spin that wins saves a sleep and a wake-up, a
/// spin that loses burns a core. One thread at a time.
/// <code>
/// a wait that                                            patience afterwards
/// a spin met                                             four times what it took, at least what a sleep costs; it comes down to that by eighths
/// a spin met, in a streak (16 wins, no long sleep)       the same, and at least half of the longest: an interruption of its peer does not end it
/// a sleep met within the longest spin, in a streak       at least the whole wait, wake-up included: it was an interruption. Eight more wins have to
///                                                        come before it is a streak again
/// any other sleep, or none that met anything             half, down to none; then the 2nd wait spins as long as it may, to try again, the 4th after
///                                                        it, and so on to every 64th; each win halves that number
/// </code>
/// </summary>
internal struct SpinPolicy
{
    /// <summary>Once spinning has turned itself off, the wait of so many that tries it again, twice as many after each such probe and half as many after
    /// each win: who has met a burst of interruptions is soon itself again, and who never wins by spinning loses a spin in
    /// <see cref="MostProbeInterval"/> waits.</summary>
    public const int FirstProbeInterval = 2;

    /// <summary>The most that it becomes.</summary>
    public const int MostProbeInterval = 64;

    /// <summary>Wins without a long sleep between them that make a stream, or a dialogue, of a direction.</summary>
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

    /// <summary>False where it never spins, and learns nothing.</summary>
    public bool IsOn => _longest > 0;

    /// <summary>Spins that found what they waited for.</summary>
    public long Wins { get; private set; }

    /// <summary>Spins that ended in sleep.</summary>
    public long Losses { get; private set; }

    /// <summary>The ticks (<see cref="Stopwatch.Frequency"/> a second) to spin for now; 0 means sleep at once.</summary>
    public long Begin()
    {
        if (_patience > 0) return _patience;
        if (!IsOn || ++_sinceProbe < _probeInterval) return 0;
        _sinceProbe = 0;
        _probeInterval = Math.Min(2 * _probeInterval, MostProbeInterval);
        return _longest;
    }

    /// <summary>The spin found something after <paramref name="ticks"/>.</summary>
    public void Won(long ticks)
    {
        Wins++;
        _probeInterval = Math.Max(_probeInterval / 2, FirstProbeInterval);
        if (_streak < StreakOfWins) _streak++;
        long least = _streak < StreakOfWins ? SleepCost : _longest / StreakPart;
        long wanted = Math.Min(_longest, Math.Max(ticks * Margin, least));
        _patience = Math.Max(wanted, _patience - (_patience >> 3));
    }

    /// <summary>The spin ended in sleep. What is to be learned from that, <see cref="Slept"/> tells.</summary>
    public void Lost() => Losses++;

    /// <summary>A wait that slept is over.</summary>
    /// <param name="ticks">From its begin, with its spin, where it had one, and its wake-up; <see cref="long.MaxValue"/> where it has met nothing.</param>
    public void Slept(long ticks)
    {
        if (ticks <= _longest && _streak == StreakOfWins)
        {
            _streak -= StreakOfWins / 2;
            _patience = Math.Max(_patience, ticks);
            return;
        }

        if (ticks > _longest) _streak = 0;
        if (_patience == 0) return;
        _patience >>= 1;
        if (_patience >= SleepCost) return;
        _patience = 0;
        _sinceProbe = 0;
    }
}
