using System.Net.Sockets;
using Smc.Transport;
using Smc.Transport.Wire;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Harness;

/// <summary>Messages with one bit flipped, and what a runtime has to say of each handshake that met one.</summary>
internal static class Flips
{
    /// <summary>Bits of a byte.</summary>
    public const int BitsOfByte = 8;

    /// <summary>Bits of a message.</summary>
    public static int BitsOf(byte[] message) => message.Length * BitsOfByte;

    /// <summary>The message with a bit flipped.</summary>
    public static byte[] Flip(byte[] message, int bit)
    {
        byte[] flipped = [.. message];
        flipped[OffsetOf(bit)] ^= MaskOf(bit);
        return flipped;
    }

    /// <summary>The byte that a bit is in.</summary>
    public static int OffsetOf(int bit) => bit / BitsOfByte;

    /// <summary>The bit in its byte.</summary>
    public static byte MaskOf(int bit) => (byte)(1 << (bit % BitsOfByte));

    /// <summary>Every handshake has been told, with a reason or with the name of what went wrong.</summary>
    public static async Task ToldAsync(HeardEvents heard, int handshakes)
    {
        await Eventually.EqualAsync(handshakes, () => heard.Of<HandshakeEnded>().Count, "handshakes that were told");
        Assert.All(heard.Of<HandshakeEnded>(), ended => Assert.True(ended.Outcome switch
        {
            HandshakeOutcome.Failed => Enum.TryParse<WireError>(ended.Error, out _) || Enum.TryParse<SocketError>(ended.Error, out _),
            HandshakeOutcome.Fallback => ended.Decision.Reason != SmcReason.None,
            _ => ended.Decision.Reason == SmcReason.None,
        }, $"{ended}"));
    }
}
