namespace Smc.Transport.Memory;

/// <summary>The unit that keeps words of different writers apart.</summary>
internal static class CacheLine
{
    /// <summary>Bytes: two 64-byte lines, because the adjacent-line prefetcher fetches pairs.</summary>
    public const int Size = 128;
}
