using System.Buffers.Binary;
using System.Globalization;

namespace Smc.Host.Bench;

/// <summary>What this process has used so far, and its form on a bench connection. Memory and descriptors are 0 where they were not asked for.</summary>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long ResidentBytes, long Descriptors)
{
    public const int Length = 3 * sizeof(long);

    /// <summary>CPU time alone: asking costs next to none of it.</summary>
    public static ProcessUsage Read() => new(Environment.CpuUsage.TotalTime, 0, 0);

    public static ProcessUsage ReadAll() => Read() with { ResidentBytes = ReadResident(), Descriptors = CountDescriptors() };

    public static ProcessUsage Parse(ReadOnlySpan<byte> bytes) => new(
        TimeSpan.FromTicks(BinaryPrimitives.ReadInt64BigEndian(bytes)),
        BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[(2 * sizeof(long))..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Cpu.Ticks);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long)), ResidentBytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2 * sizeof(long)), Descriptors);
        return bytes;
    }

    private static long ReadResident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static long CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").LongLength;
}
