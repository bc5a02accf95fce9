using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Decodes a message and writes it again from its decoded fields, over bytes that are not zero.</summary>
internal static class Reencode
{
    internal static byte[] Message(ReadOnlySpan<byte> message)
    {
        byte[] target = new byte[ClcFraming.MaxLength];
        Array.Fill(target, byte.MaxValue);
        Assert.Equal(WireError.None, ClcRoundTrip.TryReencode(message, target, out int length));
        return target[..length];
    }
}
