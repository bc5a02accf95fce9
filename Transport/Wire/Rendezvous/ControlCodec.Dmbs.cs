namespace Smc.Transport.Wire.Rendezvous;

/// <content>DMBs of single connections, and the end of their group.</content>
public static partial class ControlCodec
{
    /// <summary>Writes a <see cref="Register"/>.</summary>
    public static int Write(Span<byte> target, in Register message)
    {
        Span<byte> frame = Begin(target, ControlType.Register);
        Put(frame, ControlLayout.Register.Nonce, message.Nonce);
        Put(frame, ControlLayout.Register.Token, message.Token);
        Put(frame, ControlLayout.Register.Group, message.Group);
        Put(frame, ControlLayout.Register.Slab, message.Slab);
        Put(frame, ControlLayout.Register.Index, message.Index);
        Put(frame, ControlLayout.Register.Slot, message.Slot);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Register"/>.</summary>
    public static WireError TryReadRegister(ReadOnlySpan<byte> packet, out Register message)
    {
        message = default;
        WireError error = Expect(packet, ControlType.Register);
        if (error != WireError.None)
            return error;
        if (U32(packet, ControlLayout.Register.Reserved) != 0)
            return WireError.BadReserved;
        message = new(
            U64(packet, ControlLayout.Register.Nonce),
            U64(packet, ControlLayout.Register.Token),
            U32(packet, ControlLayout.Register.Group),
            U32(packet, ControlLayout.Register.Slab),
            U16(packet, ControlLayout.Register.Index),
            U16(packet, ControlLayout.Register.Slot));
        return WireError.None;
    }

    /// <summary>Writes a <see cref="Detach"/>.</summary>
    public static int Write(Span<byte> target, in Detach message) => WriteToken(target, ControlType.Detach, message.Group, message.Token);

    /// <summary>Reads a <see cref="Detach"/>.</summary>
    public static WireError TryReadDetach(ReadOnlySpan<byte> packet, out Detach message)
    {
        WireError error = Expect(packet, ControlType.Detach);
        message = error == WireError.None ? new(U32(packet, ControlLayout.Detach.Group), U64(packet, ControlLayout.Detach.Token)) : default;
        return error;
    }

    /// <summary>Writes a <see cref="DeleteGroup"/>.</summary>
    public static int Write(Span<byte> target, in DeleteGroup message)
    {
        Span<byte> frame = Begin(target, ControlType.DeleteGroup);
        Put(frame, ControlLayout.DeleteGroup.Group, message.Group);
        Put(frame, ControlLayout.DeleteGroup.Reason, (uint)message.Reason);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="DeleteGroup"/>.</summary>
    public static WireError TryReadDeleteGroup(ReadOnlySpan<byte> packet, out DeleteGroup message)
    {
        WireError error = Expect(packet, ControlType.DeleteGroup);
        message = error == WireError.None
            ? new(U32(packet, ControlLayout.DeleteGroup.Group), (SmcReason)U32(packet, ControlLayout.DeleteGroup.Reason))
            : default;
        return error;
    }

    private static int WriteToken(Span<byte> target, ControlType type, uint group, ulong token)
    {
        Span<byte> frame = Begin(target, type);
        Put(frame, ControlLayout.Detach.Group, group);
        Put(frame, ControlLayout.Detach.Token, token);
        return frame.Length;
    }
}
