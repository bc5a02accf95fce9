using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class SmcdAcceptTests
{
    private const int SizeCode = 25;
    private const int OsAndRelease = 75;

    private static readonly Laws.Decoder Decode = bytes => SmcdAccept.TryWrap(bytes, ClcType.Accept, out _);

    [Theory]
    [InlineData(true, 1, 130)]
    [InlineData(true, 0, 114)]
    [InlineData(false, 0, 78)]
    public void The_length_follows_from_first_contact_and_release(bool first, byte release, int expected)
    {
        ClcFeatures features = release == 0 ? ClcFeatures.None : ClcFeatures.EmulatedIsm;
        FirstContact? contact = first ? new FirstContact(ClcOs.Linux, release, ClcText.From("a"), features) : null;
        SmcdAcceptFields fields = Samples.Accept with { FirstContact = contact };
        byte[] message = Samples.Write(fields);
        Assert.Equal(expected, message.Length);
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(message, ClcType.Accept, out SmcdAccept accept));
        Assert.Equal(fields, accept.Fields);
    }

    [Fact]
    public void Decoding_undoes_encoding() => Laws.Hold<(ulong A, ulong B, ulong C, uint D, ushort E, byte F, bool First)>(x =>
    {
        var device = new SmcdDeviceId(new SmcGid(x.A, 0), x.E);
        device = device.IsEmulated ? device with { Gid = new SmcGid(x.A, x.B) } : device;
        FirstContact? contact = x.First ? new FirstContact((ClcOs)(x.F % 16), (byte)(1 + (x.F % 15)), ClcText.From($"host-{x.D}"), (ClcFeatures)x.E) : null;
        var fields = new SmcdAcceptFields(ClcType.Confirm, device, x.C, x.F, (byte)(x.F % 7), x.D, Ueid.Default, contact);
        return SmcdAccept.TryWrap(Samples.Write(fields), ClcType.Confirm, out SmcdAccept confirm) == WireError.None && confirm.Fields == fields;
    });

    [Fact]
    public void Damaged_messages_give_an_error_and_never_an_exception()
    {
        foreach (byte[] message in new[] { Samples.Write(Samples.Accept), Samples.Write(Samples.Accept with { FirstContact = null }) })
        {
            Assert.Equal(WireError.None, Decode(message));
            Assert.Equal(WireError.BadLength, Decode([.. message, 0]));
            Laws.EveryPrefixIsRefused(message, Decode);
            Laws.EveryBitFlipIsTotal(message, Decode);
            Laws.RandomBytesAreTotal(message, ClcHeader.Size, Decode);
            Laws.RandomBodiesAreTotal(message, ClcHeader.Size, Decode);
        }
    }

    [Theory]
    [InlineData(4, 3, WireError.WrongType)]
    [InlineData(7, 0x28, WireError.WrongPath)]      // SMC-R
    [InlineData(7, 0x2B, WireError.WrongPath)]
    [InlineData(7, 0x19, WireError.BadLength)]      // SMC-D version 1
    [InlineData(SizeCode, 0x70, WireError.BadSizeCode)]
    [InlineData(129, 0, WireError.BadTrailer)]
    [InlineData(6, 77, WireError.BadLength)]
    [InlineData(6, 131, WireError.Truncated)]
    public void A_broken_rule_is_named(int offset, byte value, WireError expected)
    {
        byte[] message = Samples.Write(Samples.Accept);
        message[offset] = value;
        Assert.Equal(expected, Decode(message));
    }

    [Fact]
    public void A_first_contact_without_room_for_its_extension_is_refused()
    {
        byte[] bare = Samples.Write(Samples.Accept with { FirstContact = null });
        bare[7] |= 0x08;
        Assert.Equal(WireError.MissingFirstContact, Decode(bare));

        byte[] release0 = Samples.Write(Samples.Accept with { FirstContact = new FirstContact(ClcOs.Linux, 0, default, ClcFeatures.None) });
        Assert.Equal(WireError.None, Decode(release0));
        release0[OsAndRelease] |= 1; // release 1 promises 16 bytes more
        Assert.Equal(WireError.MissingFirstContact, Decode(release0));
    }

    [Theory]
    [InlineData(ClcType.Accept, true)]
    [InlineData(ClcType.Accept, false)]
    [InlineData(ClcType.Confirm, true)]
    public void Version_1_has_48_bytes_and_neither_CHID_nor_EID_nor_extension(ClcType type, bool first)
    {
        var device = new SmcdDeviceId(new SmcGid(0x0102_0304_0506_0708, 0), 0);
        var fields = new SmcdAcceptFields(type, device, 0xA1A2_A3A4_A5A6_A7A8, 0, 6, 0x1234_5678, default, first ? default(FirstContact) : null, Version: 1);
        byte[] message = Samples.Write(fields);
        Assert.Equal(
            $"E2D4C3C4{(int)type:X2}0030{(first ? "19" : "11")}0102030405060708A1A2A3A4A5A6A7A80060000078563412000000000000000000000000E2D4C3C4",
            Convert.ToHexString(message));
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(message, type, out SmcdAccept accept));
        Assert.Equal(fields, accept.Fields);
        Assert.Equal(WireError.BadLength, SmcdAccept.TryWrap([.. message[..6], 49, .. message[7..], 0], type, out _));
        Laws.EveryPrefixIsRefused(message, bytes => SmcdAccept.TryWrap(bytes, type, out _));
        Laws.EveryBitFlipIsTotal(message, bytes => SmcdAccept.TryWrap(bytes, type, out _));
    }

    [Fact]
    public void The_GID_extension_of_a_native_device_is_ignored()
    {
        byte[] message = Samples.Write(Samples.Accept);
        message[32] = 0;
        Assert.Equal(WireError.None, SmcdAccept.TryWrap(message, ClcType.Accept, out SmcdAccept accept));
        Assert.Equal(0u, accept.Device.Gid.Low);
        Assert.NotEqual(0u, accept.Device.Gid.High);
    }
}
