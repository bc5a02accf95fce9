using FsCheck;
using FsCheck.Fluent;
using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Wire;

/// <summary>Runs properties; a failure's message holds the counter-example and the seed (Replay) to run it again.</summary>
internal static class Laws
{
    internal delegate WireError Decoder(ReadOnlySpan<byte> bytes);

    private const int RandomLength = 700;

    internal static void Hold<T>(Func<T, bool> law) => Prop.ForAll(ArbMap.Default.ArbFor<T>(), law).QuickCheckThrowOnFailure();

    /// <summary>Every proper prefix is refused, as cut short or as having the wrong length.</summary>
    internal static void EveryPrefixIsRefused(byte[] message, Decoder decode)
    {
        for (int length = 0; length < message.Length; length++)
        {
            WireError error = decode(message.AsSpan(0, length));
            Assert.True(error is WireError.Truncated or WireError.BadLength, $"A prefix of {length} bytes gave {error}.");
        }
    }

    /// <summary>Every single-bit flip gives a result.</summary>
    internal static void EveryBitFlipIsTotal(byte[] message, Decoder decode)
    {
        byte[] flipped = [.. message];
        for (int bit = 0; bit < 8 * message.Length; bit++)
        {
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Enum.IsDefined(decode(flipped)));
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>Random bytes, alone and behind the first bytes of a valid message, give a result.</summary>
    internal static void RandomBytesAreTotal(byte[] message, int kept, Decoder decode) => Hold<(int Seed, ushort Length)>(input =>
    {
        byte[] bytes = new byte[input.Length % RandomLength];
        new Random(input.Seed).NextBytes(bytes);
        WireError alone = decode(bytes);
        message.AsSpan(0, Math.Min(kept, bytes.Length)).CopyTo(bytes);
        return Enum.IsDefined(alone) && Enum.IsDefined(decode(bytes));
    });

    /// <summary>Random bytes in the message's own length behind its first bytes give a result, so that the checks behind the length are reached.</summary>
    internal static void RandomBodiesAreTotal(byte[] message, int kept, Decoder decode) => Hold<int>(seed =>
    {
        byte[] bytes = new byte[message.Length];
        new Random(seed).NextBytes(bytes);
        message.AsSpan(0, kept).CopyTo(bytes);
        return Enum.IsDefined(decode(bytes));
    });
}
