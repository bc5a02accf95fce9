using System.Net;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Tests.Wire.Rendezvous;

public sealed class ControlCodecTests
{
    private const int HeaderLength = 8;

    public static TheoryData<ControlType> Types => [.. Enum.GetValues<ControlType>().Where(type => type != ControlType.None)];

    [Theory]
    [InlineData(ControlType.Hello, "534d4341 01 01 0028 0102030405060708 1112131415161718 2122232425262728 31323334 00000000")]
    [InlineData(ControlType.Announce, "534d4341 01 02 0038 a1a2a3a4a5a6a7a8" +
        "04 00 1388 0a000001 000000000000000000000000 06 00 1389 20010db8000000000000000000000001")]
    [InlineData(ControlType.Matched, "534d4341 01 03 0010 a1a2a3a4a5a6a7a8")]
    [InlineData(ControlType.Cancel, "534d4341 01 04 0014 a1a2a3a4a5a6a7a8 0a000002")]
    [InlineData(ControlType.OfferSlab, "534d4341 01 05 001c 00000100 00000002 01 06 0040 0000000004000000")]
    [InlineData(ControlType.Mapped, "534d4341 01 06 0010 00000100 00000002")]
    [InlineData(ControlType.Refused, "534d4341 01 07 0014 00000100 00000002 0a000005")]
    [InlineData(ControlType.Register, "534d4341 01 08 0028 a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8 00000100 00000002 003f 0007 00000000")]
    [InlineData(ControlType.Detach, "534d4341 01 09 0014 00000100 b1b2b3b4b5b6b7b8")]
    [InlineData(ControlType.DeleteGroup, "534d4341 01 0a 0010 00000100 04000000")]
    public void Each_frame_has_the_documented_bytes(ControlType type, string hex)
    {
        byte[] expected = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, SampleFrames.Encode(type));
        Assert.Equal(WireError.None, ControlCodec.TryReadHeader(expected, out ControlType read));
        Assert.Equal(type, read);
        Assert.InRange(expected.Length, HeaderLength, ControlCodec.MaxFrameLength);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Encoding_clears_what_it_does_not_set(ControlType type)
    {
        byte[] target = new byte[ControlCodec.MaxFrameLength];
        Array.Fill(target, byte.MaxValue);
        int length = SampleFrames.Encode(target, type);
        Assert.Equal(SampleFrames.Encode(type), target[..length]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Damaged_frames_give_an_error_and_never_an_exception(ControlType type)
    {
        byte[] frame = SampleFrames.Encode(type);
        Laws.Decoder decode = SampleFrames.DecoderOf(type);
        Assert.Equal(WireError.None, decode(frame));
        Assert.Equal(WireError.BadLength, decode([.. frame, 0]));
        Laws.EveryPrefixIsRefused(frame, decode);
        Laws.EveryBitFlipIsTotal(frame, decode);
        Laws.RandomBytesAreTotal(frame, HeaderLength, decode);
        Laws.RandomBodiesAreTotal(frame, HeaderLength, decode);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_frame_is_read_as_its_own_type_only(ControlType type)
    {
        byte[] frame = SampleFrames.Encode(type);
        foreach (ControlType other in Enum.GetValues<ControlType>().Where(other => other != ControlType.None && other != type))
            Assert.Equal(WireError.WrongType, SampleFrames.DecoderOf(other)(frame));
    }

    [Theory]
    [InlineData(0, WireError.WrongMagic)]
    [InlineData(4, WireError.WrongVersion)]
    [InlineData(5, WireError.WrongType)]
    [InlineData(6, WireError.BadLength)]
    public void A_bad_header_field_is_named(int offset, WireError expected)
    {
        byte[] frame = SampleFrames.Encode(ControlType.Hello);
        frame[offset] = 0x7F;
        Assert.Equal(expected, ControlCodec.TryReadHeader(frame, out ControlType type));
        Assert.Equal(ControlType.None, type);
    }

    [Theory]
    [InlineData(ControlType.Hello, 36, WireError.BadReserved)]
    [InlineData(ControlType.Announce, 16, WireError.BadEndPoint)]  // the client's family
    [InlineData(ControlType.Announce, 17, WireError.BadReserved)]
    [InlineData(ControlType.Announce, 24, WireError.BadEndPoint)]  // behind its IPv4 address
    [InlineData(ControlType.Announce, 36, WireError.BadEndPoint)]  // the server's family
    [InlineData(ControlType.OfferSlab, 16, WireError.BadSlabKind)]
    [InlineData(ControlType.OfferSlab, 17, WireError.BadSizeCode)]
    [InlineData(ControlType.Register, 39, WireError.BadReserved)]
    public void A_bad_body_field_is_named(ControlType type, int offset, WireError expected)
    {
        byte[] frame = SampleFrames.Encode(type);
        frame[offset] = 0x7F;
        Assert.Equal(expected, SampleFrames.DecoderOf(type)(frame));
    }

    [Fact]
    public void Decoding_undoes_encoding() => Laws.Hold<(ulong A, ulong B, uint C, uint D, ushort E, ushort F, byte G)>(x =>
    {
        var hello = new Hello(new SmcGid(x.A, x.B), x.C, x.D);
        var announce = new Announce(x.A, EndPoint(x.B, x.E, six: true), EndPoint(x.C, x.F, six: false));
        var offer = new OfferSlab(x.C, x.D, SlabKind.ControlRegion, (byte)(x.G % 7), x.E, x.A);
        var register = new Register(x.A, x.B, x.C, x.D, x.E, x.F);
        byte[] frame = new byte[ControlCodec.MaxFrameLength];
        ReadOnlySpan<byte> Cut(int length) => frame.AsSpan(0, length);
        return ControlCodec.TryReadHello(Cut(ControlCodec.Write(frame, hello)), out Hello h) == WireError.None && h == hello
            && ControlCodec.TryReadAnnounce(Cut(ControlCodec.Write(frame, announce)), out Announce a) == WireError.None && a == announce
            && ControlCodec.TryReadOfferSlab(Cut(ControlCodec.Write(frame, offer)), out OfferSlab o) == WireError.None && o == offer
            && ControlCodec.TryReadRegister(Cut(ControlCodec.Write(frame, register)), out Register r) == WireError.None && r == register;
    });

    [Fact]
    public void Short_bodies_decode_to_what_was_encoded() => Laws.Hold<(ulong A, uint B, uint C)>(x =>
    {
        var matched = new Matched(x.A);
        var cancel = new Cancel(x.A, (SmcReason)x.C);
        var mapped = new Mapped(x.B, x.C);
        var refused = new Refused(x.B, x.C, (SmcReason)x.B);
        var detach = new Detach(x.B, x.A);
        var delete = new DeleteGroup(x.B, (SmcReason)x.C);
        byte[] frame = new byte[ControlCodec.MaxFrameLength];
        ReadOnlySpan<byte> Cut(int length) => frame.AsSpan(0, length);
        return ControlCodec.TryReadMatched(Cut(ControlCodec.Write(frame, matched)), out Matched m) == WireError.None && m == matched
            && ControlCodec.TryReadCancel(Cut(ControlCodec.Write(frame, cancel)), out Cancel c) == WireError.None && c == cancel
            && ControlCodec.TryReadMapped(Cut(ControlCodec.Write(frame, mapped)), out Mapped p) == WireError.None && p == mapped
            && ControlCodec.TryReadRefused(Cut(ControlCodec.Write(frame, refused)), out Refused r) == WireError.None && r == refused
            && ControlCodec.TryReadDetach(Cut(ControlCodec.Write(frame, detach)), out Detach d) == WireError.None && d == detach
            && ControlCodec.TryReadDeleteGroup(Cut(ControlCodec.Write(frame, delete)), out DeleteGroup g) == WireError.None && g == delete;
    });

    [Fact]
    public void A_target_that_is_too_short_is_the_callers_fault() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlCodec.Write(new byte[HeaderLength], new Matched(1)));

    private static RendezvousEndPoint EndPoint(ulong seed, ushort port, bool six)
    {
        byte[] address = new byte[six ? 16 : 4];
        new Random((int)seed).NextBytes(address);
        return RendezvousEndPoint.From(new IPEndPoint(new IPAddress(address), port));
    }
}
