using System.Buffers.Binary;

namespace Smc.Peer;

/// <summary>Bytes that follow from a seed and a position alone, so that either end can tell which ones it has.</summary>
public static class SeededBytes
{
    /// <summary>Fills <paramref name="target"/> with the bytes from <paramref name="position"/> on.</summary>
    public static void Fill(Span<byte> target, int seed, long position)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (!target.IsEmpty)
        {
            int skip = (int)(position % sizeof(ulong));
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix((ulong)seed, (ulong)(position / sizeof(ulong))));
            int count = Math.Min(target.Length, sizeof(ulong) - skip);
            word.Slice(skip, count).CopyTo(target);
            target = target[count..];
            position += count;
        }
    }

    /// <summary>The first <paramref name="count"/> bytes of a seed.</summary>
    public static byte[] Take(int count, int seed)
    {
        byte[] bytes = new byte[count];
        Fill(bytes, seed, 0);
        return bytes;
    }

    private static ulong Mix(ulong seed, ulong index)
    {
        ulong x = (seed << 40) ^ (index + 1) * 0x9E37_79B9_7F4A_7C15;
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }
}
