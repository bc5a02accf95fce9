using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>The two flag bytes of word two. Setting one is a peer's right; taking it back, or going on afterwards, is not.</summary>
internal static unsafe class FlagAttacks
{
    private const int ProducerFlagsShift = 48;

    public static readonly Dictionary<string, Action<HostileMemory, int>> All = new()
    {
        ["producer-flags"] = (end, seed) => Attacks.WhileStreaming(end, seed, random => *end.WordTwo = (ulong)random.Next(256) << ProducerFlagsShift),
        ["sets-done"] = (end, _) => Set(end, ConnectionStateFlags.PeerDoneWriting),
        ["sets-closed"] = (end, _) => Set(end, ConnectionStateFlags.PeerConnectionClosed),
        ["sets-abort"] = (end, _) => Set(end, ConnectionStateFlags.PeerConnectionAbort),
        ["flickers-done"] = (end, seed) => Flicker(end, seed, ConnectionStateFlags.PeerDoneWriting),
        ["flickers-closed"] = (end, seed) => Flicker(end, seed, ConnectionStateFlags.PeerConnectionClosed),
        ["flickers-abort"] = (end, seed) => Flicker(end, seed, ConnectionStateFlags.PeerConnectionAbort),
        ["goes-on"] = (end, seed) => GoOn(end, seed),
        ["clears-and-goes-on"] = (end, seed) =>
        {
            end.PublishState(ConnectionStateFlags.None);
            GoOn(end, seed);
        },
        ["scribbles-over-the-victims-words"] = (end, _) =>
        {
            Volatile.Write(ref *end.VictimsWordOne, ulong.MaxValue);
            Volatile.Write(ref *end.VictimsWordTwo, ulong.MaxValue);
        },
        ["reports-the-victims-words"] = (end, _) => Say.Line($"words {Volatile.Read(ref *end.VictimsWordOne)} {Volatile.Read(ref *end.VictimsWordTwo)}"),
    };

    private static void Set(HostileMemory end, ConnectionStateFlags state)
    {
        end.PublishState(state);
        end.Ring();
    }

    private static void GoOn(HostileMemory end, int seed)
    {
        end.Produce(SeededBytes.Take(Attacks.Honest, seed));
        end.Ring();
    }

    /// <summary>Streams by the rules of the ring, and sets and clears a state all the time.</summary>
    private static void Flicker(HostileMemory end, int seed, ConnectionStateFlags state)
    {
        byte[] data = SeededBytes.Take(Attacks.Stream, seed);
        for (int at = 0; ; at %= data.Length)
        {
            at += end.Produce(data.AsSpan(at, 1));
            end.PublishState(state);
            end.Ring();
            end.PublishState(ConnectionStateFlags.None);
            end.Ring();
        }
    }
}
