using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>The first contact extension of SMC-D, and what that of SMC-R has in common with it: who begins the link group.</summary>
/// <param name="Os">The sender's operating system.</param>
/// <param name="Release">The release of version 2, 0 to 15: Accept: what the server chose; Confirm: its echo.</param>
/// <param name="HostName">The sender's host name.</param>
/// <param name="Features">The features agreed on; none with release 0.</param>
/// <param name="VendorOptions">Experimental options of the sender's vendor; zero with release 0, and from Linux.</param>
public readonly record struct FirstContact(ClcOs Os, byte Release, ClcText HostName, ClcFeatures Features, uint VendorOptions = 0)
{
    /// <summary>Reads an extension that fills the bytes up to the trailer; later releases may be longer than is known.</summary>
    internal static WireError TryRead(ReadOnlySpan<byte> extension, out FirstContact contact)
    {
        contact = default;
        if (extension.Length < FirstContactLayout.LengthRelease0)
            return WireError.MissingFirstContact;
        byte osAndRelease = extension[FirstContactLayout.OsAndRelease];
        byte release = (byte)(osAndRelease & ClcLayout.NibbleMask);
        if (extension.Length < FirstContactLayout.LengthOf(release))
            return WireError.MissingFirstContact;
        ushort features = release == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(extension[FirstContactLayout.Features..]);
        uint options = release == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(extension[FirstContactLayout.VendorOptions..]);
        var os = (ClcOs)(osAndRelease >> ClcLayout.NibbleShift);
        contact = new(os, release, ClcText.Read(extension[FirstContactLayout.HostName..]), (ClcFeatures)features, options);
        return WireError.None;
    }

    internal void Write(Span<byte> extension)
    {
        extension[FirstContactLayout.OsAndRelease] = (byte)(((byte)Os << ClcLayout.NibbleShift) | Release);
        HostName.Write(extension[FirstContactLayout.HostName..]);
        if (Release == 0)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(extension[FirstContactLayout.Features..], (ushort)Features);
        BinaryPrimitives.WriteUInt32BigEndian(extension[FirstContactLayout.VendorOptions..], VendorOptions);
    }
}
