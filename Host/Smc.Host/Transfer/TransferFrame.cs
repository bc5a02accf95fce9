using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Smc.Host.Transfer;

/// <summary>
/// What <c>smc send</c> says and <c>smc serve</c> answers. Request: magic (8), length (8, big endian), the bytes, their SHA-256 (32), end of
/// stream. Receipt: magic (8), <see cref="ReceiptStatus"/> (1), SHA-256 of what arrived (32). An echo server sends the request back instead.
/// </summary>
internal static class TransferFrame
{
    public const int MagicLength = 8;
    public const int HeaderLength = MagicLength + sizeof(long);
    public const int DigestLength = SHA256.HashSizeInBytes;
    public const int ReceiptLength = MagicLength + 1 + DigestLength;

    /// <summary>Bytes moved by one read or write.</summary>
    public const int BlockLength = 256 * 1024;

    public static ReadOnlySpan<byte> RequestMagic => "SMCSEND1"u8;

    public static ReadOnlySpan<byte> ReceiptMagic => "SMCDONE1"u8;

    public static byte[] Header(long length)
    {
        var header = new byte[HeaderLength];
        RequestMagic.CopyTo(header);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(MagicLength), length);
        return header;
    }

    /// <summary>The length in a header's second half.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> lengthField, out long length) =>
        BinaryPrimitives.TryReadInt64BigEndian(lengthField, out length) && length >= 0;

    public static byte[] Receipt(ReceiptStatus status, ReadOnlySpan<byte> digest)
    {
        var receipt = new byte[ReceiptLength];
        ReceiptMagic.CopyTo(receipt);
        receipt[MagicLength] = (byte)status;
        digest.CopyTo(receipt.AsSpan(MagicLength + 1));
        return receipt;
    }
}

/// <summary>What became of a transfer at its receiver.</summary>
internal enum ReceiptStatus : byte
{
    /// <summary>Every byte arrived with the sender's digest, and the file, if one was asked for, is in its place.</summary>
    Verified = 0,

    /// <summary>What arrived has another digest, or another length; nothing was kept.</summary>
    Mismatch = 1,

    /// <summary>The bytes are right but could not be stored.</summary>
    NotStored = 2,
}
