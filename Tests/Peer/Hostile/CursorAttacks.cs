using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>Cursors that no correct peer shows.</summary>
internal static unsafe class CursorAttacks
{
    public const int Consumed = 1000;

    public static readonly Dictionary<string, Action<HostileMemory, int>> All = new()
    {
        ["producer-outside"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(0, end.RingSize)),
        ["producer-far-outside"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(0, uint.MaxValue)),
        ["producer-back"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(0, Attacks.Honest / 2)),
        ["producer-past-the-window"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(1, Attacks.Honest - 1)),
        ["producer-wrap-lies"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(7, Attacks.Honest)),
        ["producer-flickers-outside"] = (end, seed) => Flicker(end, end.WordOne, seed, random => Outside(random, end.RingSize)),
        ["producer-flickers-back"] = (end, seed) => Flicker(end, end.WordOne, seed, random => new CdcCursor(0, (uint)random.Next(Attacks.Honest))),
        ["producer-without-data"] = (end, _) => Attacks.Show(end, end.WordOne, new CdcCursor(1, 0)),
        ["consumer-outside"] = (end, _) => Attacks.Show(end, end.WordTwo, new CdcCursor(0, end.OwnRingSize)),
        ["consumer-beyond"] = (end, _) => Attacks.Show(end, end.WordTwo, new CdcCursor(3, 5)),
        ["consumer-flickers-outside"] = (end, seed) => Flicker(end, end.WordTwo, seed, random => Outside(random, end.OwnRingSize)),
        ["consumer-back"] = (end, _) => GoBack(end),
    };

    /// <summary>Consumes by the rules, and goes back when the victim has taken that over: it has written what there was room for then.</summary>
    private static void GoBack(HostileMemory end)
    {
        end.AwaitProduced(end.OwnRingSize);
        Attacks.Show(end, end.WordTwo, new CdcCursor(0, Consumed));
        end.AwaitProduced(end.OwnRingSize + Consumed);
        Attacks.Show(end, end.WordTwo, new CdcCursor(0, Consumed / 2));
    }

    private static CdcCursor Outside(Random random, uint ringSize) => new((ushort)random.Next(), (uint)random.NextInt64(ringSize, uint.MaxValue));

    private static void Flicker(HostileMemory end, ulong* word, int seed, Func<Random, CdcCursor> lie)
    {
        var random = new Random(seed);
        ulong honest = Volatile.Read(ref *word);
        while (true)
        {
            Volatile.Write(ref *word, SmcdCdcWords.Pack(lie(random)));
            end.Ring();   // or the victim, who sleeps in between, would mostly look at the honest one
            Volatile.Write(ref *word, honest);
            end.Ring();
        }
    }
}
