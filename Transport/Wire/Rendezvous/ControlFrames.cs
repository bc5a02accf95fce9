namespace Smc.Transport.Wire.Rendezvous;

/// <summary>A frame of the control socket.</summary>
public interface IControlFrame
{
    /// <summary>Writes the frame.</summary>
    /// <param name="target">At least <see cref="ControlCodec.MaxFrameLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    int Write(Span<byte> target);
}

/// <summary>First frame of either side: who it is.</summary>
/// <param name="Gid">The sender's Emulated-ISM device.</param>
/// <param name="NetworkNamespaceCookie">The kernel's cookie of the sender's network namespace; loopback addresses match only when equal.</param>
/// <param name="Features">Features that the sender understands; 0 in version 1.</param>
public readonly record struct Hello(SmcGid Gid, ulong NetworkNamespaceCookie, uint Features) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>A client's coming TCP connection.</summary>
/// <param name="Nonce">Names this attempt on this control socket.</param>
/// <param name="Client">The address and port that the client is bound to.</param>
/// <param name="Server">The address and port that it connects to.</param>
public readonly record struct Announce(ulong Nonce, RendezvousEndPoint Client, RendezvousEndPoint Server) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>The listener accepted the announced connection; the client may now send a Proposal.</summary>
/// <param name="Nonce">That of the announcement.</param>
public readonly record struct Matched(ulong Nonce) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>The client goes on without SMC.</summary>
/// <param name="Nonce">That of the announcement.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Cancel(ulong Nonce, SmcReason Reason) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>A slab of memory; the packet carries exactly one descriptor.</summary>
/// <param name="Group">The link group, by the id that its server has given it.</param>
/// <param name="Slab">Names the slab within the group.</param>
/// <param name="Kind">What the slab holds.</param>
/// <param name="SizeCode">Size class of its DMBs: 16 KiB shifted left by 0 to 6; 0 for a control region.</param>
/// <param name="Count">DMBs or control slots in the slab.</param>
/// <param name="Bytes">Size of the mapping, in bytes. Not checked against the descriptor here.</param>
public readonly record struct OfferSlab(uint Group, uint Slab, SlabKind Kind, byte SizeCode, ushort Count, ulong Bytes) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>The offered slab is mapped; its descriptor may be closed.</summary>
/// <param name="Group">That of the offer.</param>
/// <param name="Slab">That of the offer.</param>
public readonly record struct Mapped(uint Group, uint Slab) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>The offered slab is refused.</summary>
/// <param name="Group">That of the offer.</param>
/// <param name="Slab">That of the offer.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Refused(uint Group, uint Slab, SmcReason Reason) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>A range of a slab becomes the sender's DMB of one connection.</summary>
/// <param name="Nonce">That of the connection's announcement.</param>
/// <param name="Token">The DMB's token, as in the CLC message.</param>
/// <param name="Group">The link group, by the id that its server has given it.</param>
/// <param name="Slab">The slab that holds it.</param>
/// <param name="Index">Its position in the slab, in DMBs.</param>
/// <param name="Slot">The connection's slot in the control region.</param>
public readonly record struct Register(ulong Nonce, ulong Token, uint Group, uint Slab, ushort Index, ushort Slot) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>The sender will not touch the peer's DMB again.</summary>
/// <param name="Group">The link group, by the id that its server has given it.</param>
/// <param name="Token">The DMB's token.</param>
public readonly record struct Detach(uint Group, ulong Token) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}

/// <summary>A link group ends, and all its connections with it.</summary>
/// <param name="Group">The link group, by the id that its server has given it.</param>
/// <param name="Reason">Why.</param>
public readonly record struct DeleteGroup(uint Group, SmcReason Reason) : IControlFrame
{
    /// <inheritdoc />
    public int Write(Span<byte> target) => ControlCodec.Write(target, this);
}
