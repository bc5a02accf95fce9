namespace Smc.Transport.Wire.Clc;

/// <summary>The first contact extension of SMC-R: what both kinds of SMC say, and what concerns the links.</summary>
/// <param name="Common">Operating system, release, host name and features.</param>
/// <param name="IsDirect">True when the peers share a subnet; false when a gateway lies between them.</param>
/// <param name="MaxConnections">Connections of the link group, 16 to 255; 0 with release 0, where 255 holds.</param>
/// <param name="MaxLinks">Links of the link group, 1 to 2; 0 with release 0, where 2 holds.</param>
public readonly record struct SmcrFirstContact(FirstContact Common, bool IsDirect, byte MaxConnections = 0, byte MaxLinks = 0)
{
    /// <summary>Reads an extension at the start of the bytes up to the trailer.</summary>
    /// <param name="extension">The bytes behind the fixed part; a GID list, or what later releases add, may follow.</param>
    /// <param name="contact">The extension; default on error.</param>
    /// <param name="length">Bytes that it takes.</param>
    internal static WireError TryRead(ReadOnlySpan<byte> extension, out SmcrFirstContact contact, out int length)
    {
        contact = default;
        length = 0;
        WireError error = FirstContact.TryRead(extension, out FirstContact common);
        if (error != WireError.None)
            return error;
        length = LengthOf(extension, common.Release);
        bool hasLimits = common.Release != 0;
        contact = new(
            common,
            (extension[FirstContactLayout.Direct] & FirstContactLayout.DirectBit) != 0,
            hasLimits ? extension[FirstContactLayout.MaxConnections] : (byte)0,
            hasLimits ? extension[FirstContactLayout.MaxLinks] : (byte)0);
        return WireError.None;
    }

    /// <summary>Writes the long form, whatever the release.</summary>
    internal void Write(Span<byte> extension)
    {
        Common.Write(extension);
        extension[FirstContactLayout.Direct] = IsDirect ? FirstContactLayout.DirectBit : (byte)0;
        if (Common.Release == 0)
            return;
        extension[FirstContactLayout.MaxConnections] = MaxConnections;
        extension[FirstContactLayout.MaxLinks] = MaxLinks;
    }

    /// <summary>Release 0 comes with a zero tail or without one; a GID list in its place begins with a count, which is not zero.</summary>
    private static int LengthOf(ReadOnlySpan<byte> extension, byte release) =>
        release != 0 || (extension.Length >= FirstContactLayout.Length && extension[FirstContactLayout.MaxConnections] == 0)
            ? FirstContactLayout.Length
            : FirstContactLayout.LengthRelease0;
}
