using System.Runtime.InteropServices;

namespace Smc.Host.Demo;

/// <summary>Makes a file whose bytes follow from a seed alone (SplitMix64), the same on every machine.</summary>
internal static class SeededFile
{
    private const int BlockLength = 1 << 20;

    public static void Write(string path, long length, ulong seed)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new ulong[BlockLength / sizeof(ulong)];
        for (; length > 0; length -= BlockLength)
        {
            Fill(block, ref seed);
            file.Write(MemoryMarshal.AsBytes(block.AsSpan())[..(int)Math.Min(length, BlockLength)]);
        }
    }

    private static void Fill(Span<ulong> words, ref ulong state)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            words[i] = z ^ (z >> 31);
        }
    }
}
