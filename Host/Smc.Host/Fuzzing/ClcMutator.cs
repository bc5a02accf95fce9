using System.Buffers.Binary;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Fuzzing;

/// <summary>Damages CLC messages where it hurts: lengths, counts, offsets, ends, and anywhere.</summary>
/// <remarks>The same seed gives the same inputs. Nothing is allocated.</remarks>
internal sealed class ClcMutator(byte[][] corpus, int seed)
{
    /// <summary>Bytes that an input needs at most: longer than the longest message.</summary>
    public const int MaxLength = ClcFraming.MaxLength + MaxExtra;

    private const int MaxExtra = 64;
    private const int MaxSteps = 4;
    private const int LengthOffset = 5;
    private const int Header = ClcHeader.Size;
    private const int TrailerLength = sizeof(uint);
    private const int SmallValue = 10;

    /// <summary>Where the messages hold versions, paths, counts, offsets and codes; the extensions of a Proposal move with its offsets.</summary>
    private static readonly int[] Structure = [4, 7, 25, 32, 33, 38, 39, 47, 50, 51, 75, 80, 81, 83, 86, 87, 88, 89, 91, 94, 95, 104, 105, 140, 156];

    private readonly Random _random = new(seed);

    /// <summary>Makes the next input.</summary>
    /// <param name="target">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes of the input.</returns>
    public int Next(Span<byte> target)
    {
        byte[] origin = Pick();
        origin.CopyTo(target);
        int length = origin.Length;
        for (int steps = _random.Next(MaxSteps + 1); steps > 0 && length > 0; steps--) length = Mutate(target, length);
        if (length >= Header && _random.Next(3) > 0) Repair(target[..length]);
        return length;
    }

    private int Mutate(Span<byte> target, int length)
    {
        switch (_random.Next(8))
        {
            case 0:
                target[_random.Next(length)] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1:
                target[_random.Next(length)] = (byte)_random.Next();
                return length;
            case 2:
                SetStructure(target[..length]);
                return length;
            case 3:
                SetLength(target[..length], _random.Next(2) == 0 ? length + _random.Next(-SmallValue, SmallValue) : _random.Next());
                return length;
            case 4:
                return _random.Next(length + 1);
            case 5:
                int extra = _random.Next(MaxLength - length + 1);
                _random.NextBytes(target.Slice(length, extra));
                return length + extra;
            case 6:
                return Splice(target, length);
            default:
                int start = _random.Next(length);
                _random.NextBytes(target.Slice(start, _random.Next(length - start + 1)));
                return length;
        }
    }

    private void SetStructure(Span<byte> message)
    {
        int offset = Structure[_random.Next(Structure.Length)];
        if (offset < message.Length) message[offset] = (byte)(_random.Next(2) == 0 ? _random.Next(SmallValue) : _random.Next());
    }

    /// <summary>The head of this message and the tail of another, each cut anywhere.</summary>
    private int Splice(Span<byte> target, int length)
    {
        byte[] other = Pick();
        int head = _random.Next(length + 1);
        int tail = _random.Next(Math.Min(other.Length, MaxLength - head) + 1);
        other.AsSpan(other.Length - tail).CopyTo(target[head..]);
        return head + tail;
    }

    /// <summary>Makes frame and length agree again, so that what is inside is reached.</summary>
    private static void Repair(Span<byte> message)
    {
        SetLength(message, message.Length);
        if (message.Length >= Header + TrailerLength) message[..TrailerLength].CopyTo(message[^TrailerLength..]);
    }

    private static void SetLength(Span<byte> message, int length)
    {
        if (message.Length >= Header) BinaryPrimitives.WriteUInt16BigEndian(message[LengthOffset..], (ushort)length);
    }

    private byte[] Pick() => corpus[_random.Next(corpus.Length)];
}
