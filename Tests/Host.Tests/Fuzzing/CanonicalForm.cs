using System.Buffers.Binary;

namespace Smc.Host.Tests.Fuzzing;

/// <summary>
/// The one form in which a sender writes what a valid message says: reserved bytes zero, areas where they belong, nothing behind.
/// Made from the message layouts alone, without the product's decoders.
/// </summary>
internal static class CanonicalForm
{
    private const int Neither = 2;
    private const uint OutOfSync = 0x0400_0000;

    /// <param name="message">A valid message; made canonical in place.</param>
    /// <returns>False when its areas stand in unusual places, or more follows: then it has no canonical form of its length.</returns>
    internal static bool TryMake(Span<byte> message)
    {
        bool canonical = message[4] switch
        {
            1 => Proposal(message),
            4 => Decline(message),
            _ => (message[7] & 3) == 1 ? Smcd(message) : Smcr(message),
        };
        bool isSmcd = message[4] is 2 or 3 && (message[7] & 3) == 1;
        BinaryPrimitives.WriteUInt32BigEndian(message, isSmcd ? 0xE2D4_C3C4 : 0xE2D4_C3D9);
        message[..4].CopyTo(message[^4..]);
        return canonical;
    }

    private static bool Proposal(Span<byte> m)
    {
        int v1 = m[7] & 3, v2 = (m[7] >> 2) & 3, ipOffset = U16(m, 38);
        bool isOld = m[7] >> 4 == 1, hasD = v1 is 1 or 3;
        if (isOld)
        {
            m[7] &= 0xF3;
            v2 = Neither;
            if (ipOffset != 40 && (ipOffset != 0 || hasD)) return false;
        }
        else if (v1 == Neither) m.Slice(38, 2).Clear();
        else if (ipOffset != 40) return false;

        bool hasArea = !isOld || ipOffset == 40;
        if (hasArea) m.Slice(60, 20).Clear();
        int ip = hasArea ? 80 : 40, next = ip;
        if (v1 != Neither)
        {
            m.Slice(ip + 5, 2).Clear();
            next += 8 + (17 * m[ip + 7]);
        }
        if (v2 == Neither)
        {
            if (hasArea) m.Slice(50, 2).Clear();
            return true;
        }
        if (52 + U16(m, 50) != next) return false;
        Span<byte> extension = m[next..];
        extension[2] = 0;
        extension[3] &= 0xF1;
        extension.Slice(4, 2).Clear();
        extension.Slice(28, 12).Clear();
        int eids = extension[0] * 32;
        if (v2 == 0)
        {
            extension[1] = 0;
            extension.Slice(6, 2).Clear();
            return true;
        }
        if (U16(extension, 6) != 32 + eids) return false;
        extension.Slice(40 + eids + 32, 16).Clear();
        return Entries(extension.Slice(40 + eids + 48, 10 * extension[1]));
    }

    /// <summary>Emulated devices come in pairs, and no entry is empty.</summary>
    private static bool Entries(ReadOnlySpan<byte> entries)
    {
        while (!entries.IsEmpty)
        {
            int chid = U16(entries, 8);
            bool isPair = chid >= 0xFF00;
            if (chid == 0 || (isPair && (entries.Length < 20 || U16(entries, 18) != chid))) return false;
            entries = entries[(isPair ? 20 : 10)..];
        }
        return true;
    }

    private static bool Decline(Span<byte> m)
    {
        m[7] = (byte)((m[7] & 0xF0) | (BinaryPrimitives.ReadUInt32BigEndian(m[16..]) == OutOfSync ? 8 : 0));
        m[20] &= 0xF0;
        m.Slice(21, 3).Clear();
        return true;
    }

    private static bool Smcr(Span<byte> m)
    {
        m[7] &= 0xFB;
        m[51] = m[60] = 0;
        if (m[7] >> 4 == 1) return true;
        m.Slice(96, 8).Clear();
        if ((m[7] & 8) == 0) return m.Length == 108;
        Span<byte> extension = m[104..^4];
        if (extension.Length < 52) return false;
        extension[0] &= 0x80;
        extension.Slice(2, 2).Clear();
        if ((extension[1] & 15) == 0)
        {
            if (extension[36] != 0) return false; // the short form
            extension.Slice(36, 16).Clear();
        }
        extension.Slice(44, 8).Clear();
        if (m[4] == 2) return extension.Length == 52;
        extension.Slice(53, 3).Clear();
        return extension.Length == 56 + (16 * extension[52]);
    }

    private static bool Smcd(Span<byte> m)
    {
        m[7] &= 0xFB;
        m[25] &= 0xF0;
        m.Slice(26, 2).Clear();
        if (m[7] >> 4 == 1)
        {
            m.Slice(32, 12).Clear();
            return true;
        }
        if (U16(m, 32) < 0xFF00) m.Slice(66, 8).Clear();
        if ((m[7] & 8) == 0) return m.Length == 78;
        Span<byte> extension = m[74..^4];
        extension[0] = 0;
        extension.Slice(2, 2).Clear();
        if ((extension[1] & 15) == 0) return extension.Length == 36;
        extension.Slice(36, 2).Clear();
        extension.Slice(44, 8).Clear();
        return extension.Length == 52;
    }

    private static int U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
}
