using System.Numerics;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

namespace Smc.Transport.Waiting;

/// <summary>The peer's half of a group's wake-ups: sets the ready bit of a connection and rings the peer's wake thread if it sleeps.</summary>
internal readonly unsafe struct PeerBell(ControlRegion control, GroupSide peerSide)
{
    private readonly int* _bell = control.Bell(peerSide);
    private readonly ulong* _bitmap = control.Bitmap(peerSide);

    /// <summary>Tells the peer's wake thread to look at <paramref name="slot"/>.</summary>
    public void Ring(int slot)
    {
        Interlocked.Or(ref _bitmap[slot / 64], 1UL << (slot % 64));   // SYNC bell: a full fence before the bell is read; pairs with OwnBell.Arm
        if (SleepWord.TakeSleeper(_bell) != SleepWord.Awake) SleepWord.Wake(_bell);
    }
}

/// <summary>This side's half: what its wake thread sleeps on and scans.</summary>
internal readonly unsafe struct OwnBell(ControlRegion control, GroupSide side)
{
    private readonly int* _bell = control.Bell(side);
    private readonly ulong* _bitmap = control.Bitmap(side);

    /// <summary>The word to sleep on, for a wait on several groups.</summary>
    public Futex.WaitEntry WaitEntry => new(_bell, SleepWord.Thread);

    /// <summary>Announces that the wake thread is about to sleep. A fence follows once for all groups.</summary>
    public void Arm() => SleepWord.Announce(_bell, SleepWord.Thread);

    /// <summary>The wake thread is awake: peers need not ring.</summary>
    /// <returns>False where a peer had rung.</returns>
    public bool Disarm()
    {
        bool stood = Volatile.Read(ref *_bell) == SleepWord.Thread;
        Volatile.Write(ref *_bell, SleepWord.Awake);   // only this thread announces here, so a plain clear erases nobody's
        return stood;
    }

    /// <summary>Takes the ready connections of one 64-bit word of the bitmap.</summary>
    public ulong TakeReady(int word)
    {
        ref ulong bits = ref _bitmap[word];
        return Volatile.Read(ref bits) == 0 ? 0 : Interlocked.Exchange(ref bits, 0);
    }

    /// <summary>The next slot of <paramref name="bits"/>, which loses it.</summary>
    public static int NextSlot(int word, ref ulong bits)
    {
        int bit = BitOperations.TrailingZeroCount(bits);
        bits &= bits - 1;
        return (word * 64) + bit;
    }
}
