using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Decode;

/// <summary>Makes a record of a CLC message.</summary>
internal static class ClcRecord
{
    private const string Layer = "CLC";

    /// <param name="frame">The frame in which it ends.</param>
    /// <param name="time">When that was captured.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="message">Its bytes: those there are, if <paramref name="error"/> is set.</param>
    /// <param name="error">What is wrong with its frame; its contents are judged here.</param>
    public static WireRecord From(int frame, decimal time, string from, string to, ReadOnlySpan<byte> message, WireError error)
    {
        _ = ClcHeader.TryRead(message, out ClcHeader header);
        string kind = header.Type == ClcType.None ? "UNKNOWN" : header.Type.ToString().ToUpperInvariant();
        Span<byte> reencoded = stackalloc byte[ClcFraming.MaxLength];
        int length = 0;
        if (error == WireError.None) error = ClcRoundTrip.TryReencode(message, reencoded, out length);
        if (error != WireError.None)
            return new WireRecord(frame, time, from, to, Layer, kind, null, message.ToArray(), null, error.ToString(), [], $"not valid: {error}", null);
        reencoded = reencoded[..length];
        Reading reading = ClcFields.Of(message, header);
        string summary = reencoded.SequenceEqual(message) ? reading.Summary : $"{reading.Summary} (reserved bytes in use)";
        return new WireRecord(frame, time, from, to, Layer, kind, null, message.ToArray(), reencoded.ToArray(), null, reading.Fields, summary, reading.Note);
    }
}
