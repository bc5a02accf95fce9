using System.Net;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Tests.Wire.Rendezvous;

/// <summary>One frame of each type, every field with a value of its own.</summary>
internal static class SampleFrames
{
    private const ulong Nonce = 0xA1A2_A3A4_A5A6_A7A8;
    private const ulong Token = 0xB1B2_B3B4_B5B6_B7B8;
    private const uint Group = 0x100;
    private const uint Slab = 2;

    private static readonly Hello Hello = new(new SmcGid(0x0102_0304_0506_0708, 0x1112_1314_1516_1718), 0x2122_2324_2526_2728, 0x3132_3334);

    private static readonly Announce Announce = new(
        Nonce,
        RendezvousEndPoint.From(IPEndPoint.Parse("10.0.0.1:5000")),
        RendezvousEndPoint.From(IPEndPoint.Parse("[2001:db8::1]:5001")));

    internal static int Encode(Span<byte> target, ControlType type) => type switch
    {
        ControlType.Hello => ControlCodec.Write(target, Hello),
        ControlType.Announce => ControlCodec.Write(target, Announce),
        ControlType.Matched => ControlCodec.Write(target, new Matched(Nonce)),
        ControlType.Cancel => ControlCodec.Write(target, new Cancel(Nonce, SmcReason.MatchTimeout)),
        ControlType.OfferSlab => ControlCodec.Write(target, new OfferSlab(Group, Slab, SlabKind.Dmb, SizeCode: 6, Count: 64, Bytes: 64 << 20)),
        ControlType.Mapped => ControlCodec.Write(target, new Mapped(Group, Slab)),
        ControlType.Refused => ControlCodec.Write(target, new Refused(Group, Slab, SmcReason.DescriptorRefused)),
        ControlType.Register => ControlCodec.Write(target, new Register(Nonce, Token, Group, Slab, Index: 63, Slot: 7)),
        ControlType.Detach => ControlCodec.Write(target, new Detach(Group, Token)),
        ControlType.DeleteGroup => ControlCodec.Write(target, new DeleteGroup(Group, SmcReason.SyncError)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    internal static byte[] Encode(ControlType type)
    {
        byte[] target = new byte[ControlCodec.MaxFrameLength];
        return target[..Encode(target, type)];
    }

    internal static Laws.Decoder DecoderOf(ControlType type) => type switch
    {
        ControlType.Hello => bytes => ControlCodec.TryReadHello(bytes, out _),
        ControlType.Announce => bytes => ControlCodec.TryReadAnnounce(bytes, out _),
        ControlType.Matched => bytes => ControlCodec.TryReadMatched(bytes, out _),
        ControlType.Cancel => bytes => ControlCodec.TryReadCancel(bytes, out _),
        ControlType.OfferSlab => bytes => ControlCodec.TryReadOfferSlab(bytes, out _),
        ControlType.Mapped => bytes => ControlCodec.TryReadMapped(bytes, out _),
        ControlType.Refused => bytes => ControlCodec.TryReadRefused(bytes, out _),
        ControlType.Register => bytes => ControlCodec.TryReadRegister(bytes, out _),
        ControlType.Detach => bytes => ControlCodec.TryReadDetach(bytes, out _),
        ControlType.DeleteGroup => bytes => ControlCodec.TryReadDeleteGroup(bytes, out _),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
