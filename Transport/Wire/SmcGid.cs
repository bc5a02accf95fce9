using System.Buffers.Binary;

namespace Smc.Transport.Wire;

/// <summary>The identity of an ISM device: 64 bits for a native one, 128 bits (a UUID) for an emulated one.</summary>
/// <remarks>On the wire each half is big-endian, so the sixteen bytes are those of the UUID in their usual order. Both halves are compared.</remarks>
/// <param name="High">The GID proper: the first eight bytes of the UUID.</param>
/// <param name="Low">The GID extension: the last eight bytes of the UUID; zero for a native device.</param>
public readonly record struct SmcGid(ulong High, ulong Low)
{
    /// <summary>Bytes of a GID with its extension.</summary>
    public const int Size = sizeof(ulong) + sizeof(ulong);

    /// <summary>A fresh random GID, as an emulated device takes one when it starts.</summary>
    public static SmcGid NewRandom() => FromGuid(Guid.NewGuid());

    /// <summary>The GID whose bytes are those of a UUID in text order.</summary>
    public static SmcGid FromGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Read(bytes);
    }

    /// <summary>Reads both halves, big-endian.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The source is too short: a fault of the caller.</exception>
    public static SmcGid Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[sizeof(ulong)..]));

    /// <summary>Writes both halves, big-endian.</summary>
    /// <param name="target">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target is too short: a fault of the caller.</exception>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[sizeof(ulong)..], Low);
    }

    /// <summary>The GID as a UUID with the same bytes.</summary>
    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The UUID in lower-case text, as device listings show it.</summary>
    public override string ToString() => ToGuid().ToString();
}
