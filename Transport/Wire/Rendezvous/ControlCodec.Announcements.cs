namespace Smc.Transport.Wire.Rendezvous;

/// <content>Who is there, and which connection comes.</content>
public static partial class ControlCodec
{
    /// <summary>Writes a <see cref="Hello"/>.</summary>
    public static int Write(Span<byte> target, in Hello message)
    {
        Span<byte> frame = Begin(target, ControlType.Hello);
        message.Gid.Write(frame[ControlLayout.Hello.Gid..]);
        Put(frame, ControlLayout.Hello.Cookie, message.NetworkNamespaceCookie);
        Put(frame, ControlLayout.Hello.Features, message.Features);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Hello"/>.</summary>
    public static WireError TryReadHello(ReadOnlySpan<byte> packet, out Hello message)
    {
        message = default;
        WireError error = Expect(packet, ControlType.Hello);
        if (error != WireError.None)
            return error;
        if (U32(packet, ControlLayout.Hello.Reserved) != 0)
            return WireError.BadReserved;
        message = new(SmcGid.Read(packet[ControlLayout.Hello.Gid..]), U64(packet, ControlLayout.Hello.Cookie), U32(packet, ControlLayout.Hello.Features));
        return WireError.None;
    }

    /// <summary>Writes an <see cref="Announce"/>.</summary>
    public static int Write(Span<byte> target, in Announce message)
    {
        Span<byte> frame = Begin(target, ControlType.Announce);
        Put(frame, ControlLayout.Announce.Nonce, message.Nonce);
        message.Client.Write(frame[ControlLayout.Announce.Client..]);
        message.Server.Write(frame[ControlLayout.Announce.Server..]);
        return frame.Length;
    }

    /// <summary>Reads an <see cref="Announce"/>.</summary>
    public static WireError TryReadAnnounce(ReadOnlySpan<byte> packet, out Announce message)
    {
        message = default;
        WireError error = Expect(packet, ControlType.Announce);
        if (error != WireError.None)
            return error;
        error = RendezvousEndPoint.TryRead(packet[ControlLayout.Announce.Client..], out RendezvousEndPoint client);
        if (error != WireError.None)
            return error;
        error = RendezvousEndPoint.TryRead(packet[ControlLayout.Announce.Server..], out RendezvousEndPoint server);
        if (error == WireError.None)
            message = new(U64(packet, ControlLayout.Announce.Nonce), client, server);
        return error;
    }

    /// <summary>Writes a <see cref="Matched"/>.</summary>
    public static int Write(Span<byte> target, in Matched message)
    {
        Span<byte> frame = Begin(target, ControlType.Matched);
        Put(frame, ControlLayout.Matched.Nonce, message.Nonce);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Matched"/>.</summary>
    public static WireError TryReadMatched(ReadOnlySpan<byte> packet, out Matched message)
    {
        WireError error = Expect(packet, ControlType.Matched);
        message = error == WireError.None ? new(U64(packet, ControlLayout.Matched.Nonce)) : default;
        return error;
    }

    /// <summary>Writes a <see cref="Cancel"/>.</summary>
    public static int Write(Span<byte> target, in Cancel message)
    {
        Span<byte> frame = Begin(target, ControlType.Cancel);
        Put(frame, ControlLayout.Cancel.Nonce, message.Nonce);
        Put(frame, ControlLayout.Cancel.Reason, (uint)message.Reason);
        return frame.Length;
    }

    /// <summary>Reads a <see cref="Cancel"/>.</summary>
    public static WireError TryReadCancel(ReadOnlySpan<byte> packet, out Cancel message)
    {
        WireError error = Expect(packet, ControlType.Cancel);
        message = error == WireError.None
            ? new(U64(packet, ControlLayout.Cancel.Nonce), (SmcReason)U32(packet, ControlLayout.Cancel.Reason))
            : default;
        return error;
    }
}
