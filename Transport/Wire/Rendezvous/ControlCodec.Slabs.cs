namespace Smc.Transport.Wire.Rendezvous;

/// <content>Memory handed over for a link group.</content>
public static partial class ControlCodec
{
    /// <summary>Writes an <see cref="OfferSlab"/>; the caller attaches the descriptor to the packet.</summary>
    public static int Write(Span<byte> target, in OfferSlab message)
    {
        Span<byte> frame = Begin(target, ControlType.OfferSlab);
        Put(frame, ControlLayout.OfferSlab.Group, message.Group);
        Put(frame, ControlLayout.OfferSlab.Slab, message.Slab);
        frame[ControlLayout.OfferSlab.Kind] = (byte)message.Kind;
        frame[ControlLayout.OfferSlab.SizeCode] = message.SizeCode;
        Put(frame, ControlLayout.OfferSlab.Count, message.Count);
        Put(frame, ControlLayout.OfferSlab.Bytes, message.Bytes);
        return frame.Length;
    }

    /// <summary>Reads an <see cref="OfferSlab"/>.</summary>
    public static WireError TryReadOfferSlab(ReadOnlySpan<byte> packet, out OfferSlab message)
    {
        message = default;
        WireError error = Expect(packet, ControlType.OfferSlab);
        if (error != WireError.None)
            return error;
        var kind = (SlabKind)packet[ControlLayout.OfferSlab.Kind];
        byte sizeCode = packet[ControlLayout.OfferSlab.SizeCode];
        if (kind is not (SlabKind.Dmb or SlabKind.ControlRegion))
            return WireError.BadSlabKind;
        if (sizeCode > ControlLayout.OfferSlab.MaxSizeCode)
            return WireError.BadSizeCode;
        message = new(
            U32(packet, ControlLayout.OfferSlab.Group),
            U32(packet, ControlLayout.OfferSlab.Slab),
            kind,
            sizeCode,
            U16(packet, ControlLayout.OfferSlab.Count),
            U64(packet, ControlLayout.OfferSlab.Bytes));
        return WireError.None;
    }

    /// <summary>Writes a <see cref="Mapped"/>.</summary>
    public static int Write(Span<byte> target, in Mapped message)
    {
        Span<byte> frame = Begin(target, ControlType.Mapped);
        Put(frame, ControlLayout.Mapped.Group, message.Group);
        Put(frame, ControlLayout.Mapped.Slab, message.Slab);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Mapped"/>.</summary>
    public static WireError TryReadMapped(ReadOnlySpan<byte> packet, out Mapped message)
    {
        WireError error = Expect(packet, ControlType.Mapped);
        message = error == WireError.None
            ? new(U32(packet, ControlLayout.Mapped.Group), U32(packet, ControlLayout.Mapped.Slab))
            : default;
        return error;
    }

    /// <summary>Writes a <see cref="Refused"/>.</summary>
    public static int Write(Span<byte> target, in Refused message)
    {
        Span<byte> frame = Begin(target, ControlType.Refused);
        Put(frame, ControlLayout.Refused.Group, message.Group);
        Put(frame, ControlLayout.Refused.Slab, message.Slab);
        Put(frame, ControlLayout.Refused.Reason, (uint)message.Reason);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Refused"/>.</summary>
    public static WireError TryReadRefused(ReadOnlySpan<byte> packet, out Refused message)
    {
        WireError error = Expect(packet, ControlType.Refused);
        message = error == WireError.None
            ? new(U32(packet, ControlLayout.Refused.Group), U32(packet, ControlLayout.Refused.Slab), (SmcReason)U32(packet, ControlLayout.Refused.Reason))
            : default;
        return error;
    }
}
