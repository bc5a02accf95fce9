using Smc.Peer.Faults;
using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>What an end can do to memory that it shares, and where it can die. The names are those of the tests that ask for them.</summary>
internal static class Attacks
{
    /// <summary>Bytes that are sent by the rules before the attack.</summary>
    public const int Honest = 100;

    /// <summary>Bytes that are sent by the rules during an attack that leaves the ring alone.</summary>
    public const int Stream = 300_000;

    private const int Chunk = 1000;

    private static long _count;

    private static readonly Dictionary<string, Action<HostileMemory, int>> OfWords =
        CursorAttacks.All.Concat(FlagAttacks.All).Concat(HintAttacks.All).ToDictionary();

    private static readonly Dictionary<string, Action<HostileMemory, int>> Deaths = new()
    {
        ["dies-before-it-copies"] = (_, _) => Death.Now(),
        ["dies-after-copying"] = (end, seed) => Die(() => end.Copy(Last(seed))),
        ["dies-after-publishing"] = (end, seed) => Die(() => end.Produce(Last(seed))),
        ["dies-after-taking-the-sleeper"] = (end, seed) => Die(() => end.Produce(Last(seed)), end.TakeSleepers),
        ["dies-after-the-bell"] = (end, seed) => Die(() => end.Produce(Last(seed)), end.Ring),
        ["dies-after-closing"] = (end, seed) => Die(() => end.Produce(Last(seed)), () => end.PublishState(ConnectionStateFlags.PeerConnectionClosed)),
        ["dies-before-it-reads"] = (_, _) => Death.Now(),
        ["dies-after-making-room"] = (end, _) => Die(end.MakeRoom),
        ["dies-after-taking-the-writer"] = (end, _) => Die(end.MakeRoom, end.TakeSleepers),
        ["dies-before-the-TCP-shutdown"] = (end, seed) => Die(
            () => end.Produce(Last(seed)), () => end.PublishState(ConnectionStateFlags.PeerDoneWriting), end.Ring, end.AwaitDone),
    };

    /// <summary>Turns of a flood so far.</summary>
    public static long Count => Volatile.Read(ref _count);

    /// <summary>Does something over and over until this process is ended, and counts it.</summary>
    public static void Flood(Action turn)
    {
        while (true)
        {
            turn();
            Volatile.Write(ref _count, _count + 1);   // by this thread alone
        }
    }

    public static void Run(string name, IHostileEnd end, HostileMemory memory, int seed)
    {
        if (MemoryAttacks.All.TryGetValue(name, out Action<IHostileEnd, HostileMemory, int>? ofMemory)) ofMemory(end, memory, seed);
        else if (Deaths.TryGetValue(name, out Action<HostileMemory, int>? death)) death(memory, seed);
        else OfWords[name](memory, seed);
        Say.Line($"attacked {name}");
    }

    /// <summary>Shows a word, and rings.</summary>
    public static unsafe void Show(HostileMemory end, ulong* word, CdcCursor cursor)
    {
        Volatile.Write(ref *word, SmcdCdcWords.Pack(cursor));
        end.Ring();
    }

    /// <summary>Sends seeded bytes by the rules of the ring, ringing as they say, and does something else to other words all the time.</summary>
    public static void WhileStreaming(HostileMemory end, int seed, Action<Random> attack)
    {
        var random = new Random(seed);
        byte[] data = SeededBytes.Take(Stream, seed);
        for (int at = 0; at < data.Length;)
        {
            at += end.Produce(data.AsSpan(at, Math.Min(Chunk, data.Length - at)));
            attack(random);
            end.Ring();
        }

        while (true) end.RingBell();   // a flood, until this process is ended
    }

    private static byte[] Last(int seed) => SeededBytes.Take(Honest, seed);

    private static void Die(params Action[] after)
    {
        foreach (Action step in after) step();
        Death.Now();
    }
}
