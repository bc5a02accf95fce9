using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Waiting;

/// <summary>
/// A sleep announcement in the control region: one word a direction and side. The sleeper announces, fences, looks once more and sleeps;
/// the waker publishes, fences, looks at the announcement and clears it by an atomic exchange before it wakes. A plain store there would
/// erase the announcement of the next sleeper (Tests/Models/wakeup.pml fails on that variant).
/// <para>
/// A reader of a stream saves the writer its fence: it pledges, and from then on owes a fence. While the debt stands alone in the word nobody
/// sleeps, and the writer neither fences nor wakes. A reader in debt that announces its sleep asks the wake thread of the writer's process to
/// fence in the writer's stead, and sleeps. That thread is the courier:
/// <code>
/// word             writer, having published       courier, rung                    any other waker
/// Awake            fences                         -                                -
/// Owed             -                              -                                -
/// kind             fences, takes, wakes           -                                takes, wakes
/// kind | Owed      fences, takes both, wakes      takes Owed, process-wide         takes the kind, wakes
///                                                 barrier, wakes whoever sleeps
///                                                 and has not seen all
/// </code>
/// Only the writer and its courier pay the debt, because only they order the writer's stores. Whoever else wakes leaves it.
/// </para>
/// </summary>
internal static unsafe class SleepWord
{
    /// <summary>Nobody sleeps.</summary>
    public const int Awake = 0;

    /// <summary>A thread sleeps on this very word.</summary>
    public const int Thread = 1;

    /// <summary>An asynchronous wait: the wake thread of the sleeper's side is to be rung.</summary>
    public const int Callback = 2;

    /// <summary>A bit beside these: the peer's writer has perhaps left fences out since the reader pledged.</summary>
    public const int Owed = 4;

    /// <summary>True where somebody sleeps or is about to.</summary>
    public static bool IsAnnounced(int* word) => KindOf(Volatile.Read(ref *word)) != Awake;

    /// <summary>Announces, with a full fence: what is read after this call was not older than the announcement.</summary>
    /// <param name="word">The sleeper's word.</param>
    /// <param name="kind">How it sleeps, and <see cref="Debt"/>.</param>
    public static void Announce(int* word, int kind) =>
        Interlocked.Exchange(ref *word, kind);   // SYNC sleep: pairs with the fence before TakeSleeper in the waker

    /// <summary>Takes the announcement back, and leaves the debt.</summary>
    /// <returns>False where a waker has already taken it: its wake-up is on the way, and finds nobody.</returns>
    public static bool Withdraw(int* word) => KindOf(Interlocked.And(ref *word, Owed)) != Awake;

    /// <summary>Takes the sleeper, if there is one, and the debt with it. The caller has published and fenced; where the word is a reader's,
    /// the caller is the one writer that it waits for.</summary>
    /// <returns><see cref="Awake"/>, <see cref="Thread"/> or <see cref="Callback"/>; anything else is a peer's rubbish.</returns>
    public static int TakeSleeper(int* word) => IsAnnounced(word) ? KindOf(Interlocked.Exchange(ref *word, Awake)) : Awake;

    /// <summary>Takes the sleeper, if there is one, and leaves the debt. The caller has published and fenced.</summary>
    /// <returns>As <see cref="TakeSleeper"/>.</returns>
    public static int TakeSleeperAlone(int* word) => IsAnnounced(word) ? KindOf(Interlocked.And(ref *word, Owed)) : Awake;

    /// <summary>Pledges. The caller is the reader, and awake: nobody has an announcement to erase.</summary>
    public static void Pledge(int* word) => Volatile.Write(ref *word, Owed);

    /// <summary>True where the writer may leave its fence out, because its reader is awake and asks for one before it sleeps. The caller has published.</summary>
    public static bool IsPledged(int* word) => Volatile.Read(ref *word) == Owed;

    /// <summary>What the next announcement says beside its kind: <see cref="Owed"/> or nothing.</summary>
    public static int Debt(int* word) => Volatile.Read(ref *word) & Owed;

    /// <summary>True where an announcement stands that the courier has to hear of.</summary>
    public static bool IsAsking(int* word)
    {
        int found = Volatile.Read(ref *word);
        return (found & Owed) != 0 && KindOf(found) != Awake;
    }

    /// <summary>Takes the debt from an announcement, which stays. The caller will pass a process-wide barrier, and then look for the sleeper.</summary>
    /// <returns>True where it has; false too where the word changed meanwhile: then its sleeper was taken, or asks again.</returns>
    public static bool TakeDebt(int* word)
    {
        int found = Volatile.Read(ref *word);
        return (found & Owed) != 0 && KindOf(found) != Awake && Interlocked.CompareExchange(ref *word, KindOf(found), found) == found;
    }

    /// <summary>Sleeps on an announced word until it is cleared, or for ever; the caller looks again in each case. The courier may take the
    /// debt meanwhile: that wakes nobody.</summary>
    public static FutexResult Sleep(int* word, int timeoutMilliseconds)
    {
        int announced = Volatile.Read(ref *word);
        return KindOf(announced) == Thread ? Futex.Wait(word, announced, timeoutMilliseconds) : FutexResult.Retry;
    }

    /// <summary>True where the announcement of a sleeping thread stands.</summary>
    public static bool IsThreadAnnounced(int* word) => KindOf(Volatile.Read(ref *word)) == Thread;

    /// <summary>Wakes the thread that was taken from <paramref name="word"/>.</summary>
    public static void Wake(int* word) => Futex.WakeAll(word);

    private static int KindOf(int word) => word & ~Owed;
}
