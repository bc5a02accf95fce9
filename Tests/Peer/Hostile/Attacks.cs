using Smc.Peer.Faults;
using Smc.Transport.Memory;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>What a peer can do to memory that it shares, and where it can die. The names are those of <c>HostileMemoryTests</c> and <c>DyingPeerTests</c>.</summary>
internal static unsafe class Attacks
{
    /// <summary>Bytes that are sent by the rules before the attack.</summary>
    public const int Honest = 100;

    /// <summary>Bytes that are sent by the rules during an attack that leaves the ring alone.</summary>
    public const int Stream = 300_000;

    private static readonly Dictionary<string, Action<HostileClient, int>> All = new()
    {
        ["producer-outside"] = (client, _) => Show(client, client.WordOne, new CdcCursor(0, client.RingSize)),
        ["producer-far-outside"] = (client, _) => Show(client, client.WordOne, new CdcCursor(0, uint.MaxValue)),
        ["producer-back"] = (client, _) => Show(client, client.WordOne, new CdcCursor(0, Honest / 2)),
        ["producer-past-the-window"] = (client, _) => Show(client, client.WordOne, new CdcCursor(1, Honest - 1)),
        ["producer-wrap-lies"] = (client, _) => Show(client, client.WordOne, new CdcCursor(7, Honest)),
        ["producer-flickers"] = (client, seed) => Flicker(client, client.WordOne, seed),
        ["consumer-outside"] = (client, _) => Show(client, client.WordTwo, new CdcCursor(0, client.RingSize)),
        ["consumer-beyond"] = (client, _) => Show(client, client.WordTwo, new CdcCursor(3, 5)),
        ["consumer-flickers"] = (client, seed) => Flicker(client, client.WordTwo, seed),
        ["flags"] = (client, seed) => WhileStreaming(client, seed, random => *client.WordTwo = (ulong)random.Next(256) << 48),
        ["announcements"] = (client, seed) => WhileStreaming(client, seed, random =>
        {
            foreach (GroupSide side in new[] { GroupSide.Server, GroupSide.Client })
            {
                *client.Control.Reader(side, client.Slot) = random.Next();
                *client.Control.Writer(side, client.Slot) = random.Next(8);
                *client.Control.Seen(side, client.Slot) = random.NextInt64();
            }
        }),
        ["debts"] = (client, seed) => WhileStreaming(client, seed, random =>
        {
            *client.Control.Seen(GroupSide.Client, client.Slot) = random.NextInt64(Stream);
            Volatile.Write(ref *client.Control.Reader(GroupSide.Client, client.Slot), SleepWord.Owed | random.Next(4));
            Interlocked.Or(ref *client.Control.Reader(GroupSide.Server, client.Slot), SleepWord.Owed);
        }),
        ["asks"] = (client, _) =>
        {
            while (true)
            {
                Volatile.Write(ref *client.Control.Reader(GroupSide.Client, client.Slot), SleepWord.Owed | SleepWord.Callback);
                client.RingBell();   // its answers ring a wake thread that this process does not have
            }
        },
        ["bells"] = (client, seed) => WhileStreaming(client, seed, random =>
        {
            *client.Control.Bell(GroupSide.Server) = random.Next(4);
            for (int word = 0; word < ControlLayout.BitmapWords; word++) client.Control.Bitmap(GroupSide.Server)[word] = ulong.MaxValue;
            client.RingBell();
        }),
        ["header"] = (client, seed) => WhileStreaming(client, seed, random =>
        {
            byte* header = (byte*)client.Control.Bell(GroupSide.Server) - ControlLayout.SidesOffset;
            header[random.Next(ControlLayout.SidesOffset)] = (byte)random.Next(256);
        }),
        ["never-rings"] = (client, seed) => client.Produce(SeededBytes.Take(Honest, seed)),
        ["punches-holes"] = (client, _) =>
        {
            foreach (MappedOffer offer in client.Offers) Say.Line($"punched {offer.Punch()}");
            client.RingBell();
        },
        ["truncates"] = (client, seed) =>
        {
            foreach (MappedOffer offer in client.Offers) Say.Line($"truncated {offer.Truncate()}");
            WhileStreaming(client, seed, static _ => { });
        },
        ["everything"] = Everything,
        ["dies-before-it-copies"] = (_, _) => Death.Now(),
        ["dies-after-copying"] = (client, seed) => Die(() => client.Copy(Last(seed))),
        ["dies-after-publishing"] = (client, seed) => Die(() => client.Produce(Last(seed))),
        ["dies-after-taking-the-sleeper"] = (client, seed) => Die(() => client.Produce(Last(seed)), client.TakeSleepers),
        ["dies-after-the-bell"] = (client, seed) => Die(() => client.Produce(Last(seed)), client.Ring),
        ["dies-after-closing"] = (client, seed) => Die(() => client.Produce(Last(seed)), client.PublishClosed),
    };

    public static void Run(string name, HostileClient client, int seed)
    {
        All[name](client, seed);
        Say.Line($"attacked");
    }

    private static byte[] Last(int seed) => SeededBytes.Take(Honest, seed);

    private static void Die(params Action[] after)
    {
        foreach (Action step in after) step();
        Death.Now();
    }

    private static void Show(HostileClient client, ulong* word, CdcCursor cursor)
    {
        Volatile.Write(ref *word, SmcdCdcWords.Pack(cursor));
        client.Ring();
    }

    private static void Flicker(HostileClient client, ulong* word, int seed)
    {
        var random = new Random(seed);
        ulong honest = Volatile.Read(ref *word);
        while (true)
        {
            // The state flags, in the last byte, stay clear: setting one of them is the peer's right.
            Volatile.Write(ref *word, (ulong)random.NextInt64() & 0x00FF_FFFF_FFFF_FFFF);
            Volatile.Write(ref *word, honest);
            client.Ring();
        }
    }

    /// <summary>Sends seeded bytes by the rules of the ring, ringing as they say, and does something else to other words all the time.</summary>
    private static void WhileStreaming(HostileClient client, int seed, Action<Random> attack)
    {
        var random = new Random(seed);
        byte[] data = SeededBytes.Take(Stream, seed);
        for (int at = 0; at < data.Length;)
        {
            at += client.Produce(data.AsSpan(at, Math.Min(1000, data.Length - at)));
            attack(random);
            client.Ring();
        }

        while (true) client.RingBell();   // a flood, until this process is ended
    }

    private static void Everything(HostileClient client, int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            foreach (MappedOffer offer in client.Offers) offer.Region.Base[random.NextInt64(Math.Min(offer.Region.Length, 4096))] = (byte)random.Next(256);
            client.PeerDmb[random.Next(SmcdCdcLayout.Length)] = (byte)random.Next(256);
            client.RingBell();
        }
    }
}
