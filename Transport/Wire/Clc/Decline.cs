using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>A Decline of either version over the caller's bytes. It is never answered by another one.</summary>
public readonly ref struct Decline
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly ClcHeader _header;

    private Decline(ReadOnlySpan<byte> message, ClcHeader header)
    {
        _message = message;
        _header = header;
    }

    /// <summary>The version of the message's form.</summary>
    public byte Version => _header.Version;

    /// <summary>True when the peer's link group is out of step with ours: ours must end.</summary>
    public bool IsOutOfSync => _header.Flag;

    /// <summary>The id of the sending host; zero for SMC-D.</summary>
    public ulong SystemId => BinaryPrimitives.ReadUInt64BigEndian(_message[DeclineLayout.SystemId..]);

    /// <summary>The peer's diagnosis; any value.</summary>
    public SmcReason Diagnosis => (SmcReason)BinaryPrimitives.ReadUInt32BigEndian(_message[DeclineLayout.Diagnosis..]);

    /// <summary>The sender's operating system; none in version 1.</summary>
    public ClcOs Os => (ClcOs)(_message[DeclineLayout.Os] >> ClcLayout.NibbleShift);

    /// <summary>The additional diagnosis words; zero in version 1.</summary>
    public DeclineDetails Details => Version < ClcLayout.Version2 ? default : DeclineDetails.Read(_message[DeclineLayout.Details..]);

    /// <summary>All fields as a value that outlives the bytes.</summary>
    public DeclineFields Fields => new(Version, Diagnosis, SystemId, Os, Details);

    /// <summary>Checks a whole message. Its trailer is not checked, as Linux does not.</summary>
    /// <param name="message">Exactly the bytes that its header's length tells.</param>
    /// <param name="decline">The Decline, valid as long as the bytes are; default on error.</param>
    public static WireError TryWrap(ReadOnlySpan<byte> message, out Decline decline)
    {
        decline = default;
        WireError error = ClcHeader.TryRead(message, ClcType.Decline, DeclineLayout.LengthV1, out ClcHeader header);
        if (error != WireError.None)
            return error;
        if (header.Length != DeclineLayout.LengthOf(header.Version))
            return WireError.BadLength;
        decline = new Decline(message, header);
        return WireError.None;
    }
}
