using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>What reading and writing have in common: one thread at a time inside, spinning, sleeping and being woken.</summary>
internal abstract unsafe class SmcdHalf : ISleeper
{
    /// <summary>Looks between two readings of the clock while spinning.</summary>
    private const int LooksPerClock = 8;

    /// <summary>Looks, a nanosecond or two each, before the clock is read at all: a peer that answers at once is answered at once.</summary>
    private const int EagerLooks = 128;

    private const long NobodySuspected = -1;

    private readonly Insiders _who;
    private readonly PathBits _endsWait;
    private EntryMark _mark;
    private SpinPolicy _spin;
    private long _sleeps;
    private long _missedBells;
    private long _suspected = NobodySuspected;
    private WakeBudget _wakeUps;
    private bool _isThreadAsleep;
    private long _waitsSince;   // in ticks of Stopwatch: the begin of a wait that is to be learned from; 0 where there is none

    protected SmcdHalf(SmcdPath path, Insiders who, PathBits endsWait, int* ownWord, int longestSpinMicroseconds)
    {
        Path = path;
        _who = who;
        _endsWait = endsWait;
        OwnWord = ownWord;
        _spin = new SpinPolicy(longestSpinMicroseconds);
    }

    /// <summary>True while someone is inside.</summary>
    public bool IsEntered => _mark.IsTaken;

    public long Sleeps => _sleeps;

    public long SpinWins => _spin.Wins;

    public long SpinLosses => _spin.Losses;

    public long MissedBells => _missedBells;

    /// <summary>What the application does here.</summary>
    public DirectionActivity Activity =>
        Volatile.Read(ref _isThreadAsleep) || Pending.IsArmed ? DirectionActivity.Asleep
        : IsEntered ? DirectionActivity.Awake
        : DirectionActivity.Outside;

    protected SmcdPath Path { get; }

    /// <summary>This half's sleep announcement.</summary>
    protected int* OwnWord { get; }

    protected PathBits Bits => Path.Life.Bits;

    protected abstract PendingOperation Pending { get; }

    /// <summary>True where what this half waits for seems to have come.</summary>
    protected abstract bool HasChanged();

    /// <summary>True where there is no reason to wait.</summary>
    public bool LooksReady() => HasChanged() || (Bits & _endsWait) != 0;

    /// <summary>Leaves; the last of those who were waited for tells the control plane.</summary>
    public void Leave()
    {
        _mark.Leave();
        Path.HasLeft(_who);
    }

    /// <summary>Turns away one who is inside already, in its own direction.</summary>
    [DoesNotReturn]
    public void Refuse(string direction)
    {
        Leave();
        PathErrors.ThrowBusy(direction);
    }

    /// <summary>Puts the announcement of an asynchronous wait, with a full fence.</summary>
    public void Announce() => Announce(SleepWord.Callback);

    /// <summary>Asks the peer for what this half needs before it may sleep: nothing. The announcement stands, and there was no reason to go on.</summary>
    public virtual void Ask()
    {
    }

    /// <summary>Takes back what a waker has not taken.</summary>
    public void Withdraw()
    {
        if (SleepWord.IsAnnounced(OwnWord)) SleepWord.Withdraw(OwnWord);
    }

    /// <summary>A sleep is over: spinning learns from how long the wait was, and from one that met nothing (it was given up, or rung without reason) that
    /// it was too long. An operation that goes on to sleep again has taught what it had to.</summary>
    public void Awoke()
    {
        if (_waitsSince == 0) return;
        _spin.Slept(LooksReady() ? Stopwatch.GetTimestamp() - _waitsSince : long.MaxValue);
        _waitsSince = 0;
    }

    /// <summary>Wakes whoever sleeps here because the state has changed. The change was set with a full fence.</summary>
    public void WakeOwn()
    {
        SleepWord.TakeSleeperAlone(OwnWord);
        if (Volatile.Read(ref _isThreadAsleep)) SleepWord.Wake(OwnWord);   // whatever the peer has made of the word, or died before it did
        Pending.Signal();
    }

    /// <summary>The wake thread was rung for this connection: runs the operation whose announcement a waker has taken.</summary>
    /// <returns>What that came to.</returns>
    public WakeTally OnRung(bool inline)
    {
        if (SleepWord.IsAnnounced(OwnWord)) return default;
        bool isIdle = Pending.IsArmed && !LooksReady();   // before: once woken, it takes what there is; where nobody waits, the ring is left alone
        bool waited = inline ? Pending.SignalInline() : Pending.Signal();
        return !waited ? default : new WakeTally(0, Earned: isIdle ? 0 : 1, Idle: isIdle ? 1 : 0);
    }

    /// <summary>True where the last <see cref="Sweep"/> found a sleeper that could get on.</summary>
    public bool IsSuspected => _suspected != NobodySuspected;

    /// <summary>Looks at a sleeper. One that could get on, in the same sleep as at the look before, was not rung: at the first look the peer
    /// may be between publishing and ringing. Who sleeps is this process's own knowledge: a peer may take the announcement and never ring.
    /// Writes nothing to the control region: this may be the last look at a connection whose slot has its successor already, and taking
    /// that one's announcement would leave it asleep.</summary>
    /// <returns>True where somebody sleeps.</returns>
    public bool Sweep()
    {
        long sleep = Volatile.Read(ref _sleeps);
        bool isThreadAsleep = Volatile.Read(ref _isThreadAsleep);
        bool sleeps = isThreadAsleep || Pending.IsArmed;
        bool stuck = sleeps && LooksReady();
        if (stuck && _suspected == sleep)
        {
            _missedBells++;
            if (isThreadAsleep) SleepWord.Wake(OwnWord);
            Pending.Signal();
        }

        _suspected = stuck ? sleep : NobodySuspected;
        return sleeps;
    }

    /// <summary>Enters, or throws where someone is inside or the connection is closed.</summary>
    protected void Enter(string direction)
    {
        if (!_mark.TryEnter())
        {
            Path.HasLeft(_who);   // whoever waits for the connection to be empty may have seen this one at the door
            PathErrors.ThrowBusy(direction);
        }

        PathBits bits = Bits;
        if ((bits & PathBits.LocalClosed) == 0) return;
        Leave();
        if ((bits & PathBits.LocalRevoked) != 0) PathErrors.Throw(SocketError.ConnectionAborted);
        PathErrors.ThrowDisposed();
    }

    /// <summary>Spins as long as spinning pays on this connection.</summary>
    /// <returns>True where there is no reason to wait any more.</returns>
    protected bool Spin()
    {
        long patience = _spin.Begin();
        if (patience == 0)
        {
            _waitsSince = _spin.IsOn ? Stopwatch.GetTimestamp() : 0;
            return false;
        }

        for (int i = 0; i < EagerLooks; i++)
        {
            if (!LooksReady()) continue;
            _spin.Won(0);
            return true;
        }

        long start = Stopwatch.GetTimestamp();
        long spent;
        do
        {
            for (int i = 0; i < LooksPerClock; i++)
            {
                Thread.SpinWait(1);
                if (!LooksReady()) continue;
                _spin.Won(Stopwatch.GetTimestamp() - start);
                return true;
            }

            spent = Stopwatch.GetTimestamp() - start;
        }
        while (spent < patience);
        _spin.Lost();
        _waitsSince = start;
        return false;
    }

    /// <summary>Sleeps on the connection until there is a reason to look again.</summary>
    /// <param name="deadline">In milliseconds of <see cref="Environment.TickCount64"/>, or -1.</param>
    /// <returns>False past the deadline.</returns>
    protected bool Sleep(long deadline)
    {
        Volatile.Write(ref _isThreadAsleep, true);
        bool inTime = SleepUntilReady(deadline);
        Awoke();
        Volatile.Write(ref _isThreadAsleep, false);
        return inTime;
    }

    /// <summary>This half with what its ring shows, for another thread.</summary>
    protected DirectionSnapshot SnapshotOf(uint ringBytes, (long Consumed, long Produced) totals, CdcCursor producer, CdcCursor consumer) =>
        new(Activity, ringBytes, DirectionSnapshot.Between(totals.Consumed, totals.Produced, ringBytes), producer, consumer, Sleeps, SpinWins, SpinLosses, MissedBells);

    /// <summary>The deadline of a time-out that begins now.</summary>
    protected static long DeadlineOf(int timeoutMilliseconds) => timeoutMilliseconds < 0 ? -1 : Environment.TickCount64 + timeoutMilliseconds;

    /// <summary>Puts an announcement, with a full fence.</summary>
    /// <param name="kind">How this half is going to sleep.</param>
    protected virtual void Announce(int kind) => SleepWord.Announce(OwnWord, kind);

    /// <summary>Counts an asynchronous wait.</summary>
    protected void CountSleep() => _sleeps++;

    private bool SleepUntilReady(long deadline)
    {
        Announce(SleepWord.Thread);
        int turns = 0;
        for (; !LooksReady(); turns++)
        {
            long now = Environment.TickCount64;
            int timeout = deadline < 0 ? -1 : (int)Math.Max(0, deadline - now);
            if (timeout == 0)
            {
                Withdraw();
                return false;
            }

            if (turns > 0) _wakeUps.Count(now, earned: 0, idle: 1);
            Ask();
            _sleeps++;
            if (_wakeUps.SpentFor(now) > 0) Thread.Sleep(1);   // a millisecond pays for a wake-up, and nobody's word can shorten it
            else SleepWord.Sleep(OwnWord, timeout);

            // A wake-up without a change (a peer's rubbish, a signal): announce again, because the waker has taken the announcement.
            if (!SleepWord.IsThreadAnnounced(OwnWord)) Announce(SleepWord.Thread);
        }

        if (turns > 0) _wakeUps.Count(Environment.TickCount64, earned: 1, idle: 0);
        Withdraw();
        return true;
    }
}
