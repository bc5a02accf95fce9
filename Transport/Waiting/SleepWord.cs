using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Waiting;

/// <summary>
/// A sleep announcement in the control region: one word a direction and side. The sleeper announces, fences, looks once more and sleeps;
/// the waker publishes, fences, looks at the announcement and clears it by an atomic exchange before it wakes. A plain store there would
/// erase the announcement of the next sleeper (Tests/Models/wakeup.pml fails on that variant).
/// </summary>
internal static unsafe class SleepWord
{
    /// <summary>Nobody sleeps.</summary>
    public const int Awake = 0;

    /// <summary>A thread sleeps on this very word.</summary>
    public const int Thread = 1;

    /// <summary>An asynchronous wait: the wake thread of the sleeper's side is to be rung.</summary>
    public const int Callback = 2;

    /// <summary>True where somebody sleeps or is about to.</summary>
    public static bool IsAnnounced(int* word) => Volatile.Read(ref *word) != Awake;

    /// <summary>Announces, with a full fence: what is read after this call was not older than the announcement.</summary>
    public static void Announce(int* word, int kind) =>
        Interlocked.Exchange(ref *word, kind);   // SYNC sleep: pairs with the fence before TakeSleeper in the waker

    /// <summary>Takes the announcement back.</summary>
    /// <returns>False where a waker has already taken it: its wake-up is on the way, and finds nobody.</returns>
    public static bool Withdraw(int* word) => Interlocked.Exchange(ref *word, Awake) != Awake;

    /// <summary>Takes the sleeper, if there is one. The caller has published and fenced.</summary>
    /// <returns><see cref="Awake"/>, <see cref="Thread"/> or <see cref="Callback"/>; anything else is a peer's rubbish.</returns>
    public static int TakeSleeper(int* word) => IsAnnounced(word) ? Interlocked.Exchange(ref *word, Awake) : Awake;

    /// <summary>Sleeps on an announced word until it is cleared, or for ever; the caller looks again in each case.</summary>
    public static FutexResult Sleep(int* word, int timeoutMilliseconds) => Futex.Wait(word, Thread, timeoutMilliseconds);

    /// <summary>Wakes the thread that was taken from <paramref name="word"/>.</summary>
    public static void Wake(int* word) => Futex.WakeAll(word);
}
