using System.Text;
using Smc.Transport;
using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>Memory as a whole: what is in it, taken away, full of rubbish, offered once more.</summary>
public static unsafe class MemoryAttacks
{
    /// <summary>What is written to one connection, and may be in the memory of no other.</summary>
    public const string Canary = "a canary, which sings in its own mine alone";

    /// <summary>How far into each mapping rubbish is written.</summary>
    public const int RubbishBytes = 4096;

    private const uint NewSlab = 77;

    internal static readonly Dictionary<string, Action<IHostileEnd, HostileMemory, int>> All = new()
    {
        ["punches-holes"] = (_, memory, _) =>
        {
            foreach (MappedOffer offer in memory.Shared) Say.Line($"punched {offer.Punch()}");
            memory.RingBell();
        },
        ["truncates"] = (_, memory, seed) =>
        {
            foreach (MappedOffer offer in memory.Shared) Say.Line($"truncated {offer.Truncate()}");
            Attacks.WhileStreaming(memory, seed, static _ => { });
        },
        ["flips-data"] = (_, memory, seed) => Attacks.WhileStreaming(memory, seed, _ =>
        {
            for (uint at = 0; at < memory.RingSize; at++) memory.PeerDmb[SmcdCdcLayout.Length + at] ^= byte.MaxValue;
        }),
        ["rubbish"] = (_, memory, seed) => Rubbish(memory, seed),
        ["closes-and-does-not-detach"] = (end, memory, seed) =>
        {
            memory.Produce(SeededBytes.Take(Attacks.Honest, seed));
            memory.PublishState(ConnectionStateFlags.PeerConnectionClosed);
            memory.Ring();
            end.Socket.Close(timeout: 0);   // without TIME_WAIT, as a runtime does
        },
        ["waits"] = (_, _, _) => { },
        ["looks-for-canaries"] = (_, memory, _) => Say.Line($"canaries {memory.Shared.Sum(CanariesIn)} {CanariesIn(memory.OwnBytes)}"),
        ["offers-its-slab-twice"] = (end, _, _) => Offer(end, end.Book.OwnSlab),
        ["offers-the-victims-slab"] = (end, _, _) => Offer(end, end.Book.TheirSlab),
    };

    private static void Rubbish(HostileMemory memory, int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            foreach (MappedOffer offer in memory.Shared) offer.Region.Base[random.Next(RubbishBytes)] = (byte)random.Next(256);
            memory.PeerDmb[random.Next(SmcdCdcLayout.Length)] = (byte)random.Next(256);
            memory.Ring();
            memory.RingBell();
        }
    }

    private static int CanariesIn(MappedOffer offer) => CanariesIn(new ReadOnlySpan<byte>(offer.Region.Base, checked((int)offer.Region.Length)));

    private static int CanariesIn(ReadOnlySpan<byte> memory) => memory.Count(Encoding.ASCII.GetBytes(Canary));

    private static void Offer(IHostileEnd end, MappedOffer memory)
    {
        SmcReason answer = end.OfferAsync(NewSlab, memory).GetAwaiter().GetResult();
        Say.Line($"answer {answer}");
    }
}
