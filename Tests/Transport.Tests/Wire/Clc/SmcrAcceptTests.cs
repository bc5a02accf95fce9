using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class SmcrAcceptTests
{
    private const int SizeAndMtu = 50;
    private const int FirstContactAt = 104;
    private const int OsAndRelease = FirstContactAt + 1;
    private const int GidCount = FirstContactAt + 52;

    private static readonly SmcrAcceptFields Confirm = Samples.SmcrAccept with { Type = ClcType.Confirm, Gids = new SmcrGidList(1, 2) };

    private static readonly Laws.Decoder DecodeAccept = bytes => SmcrAccept.TryWrap(bytes, ClcType.Accept, out _);
    private static readonly Laws.Decoder DecodeConfirm = bytes => SmcrAccept.TryWrap(bytes, ClcType.Confirm, out _);

    public static TheoryData<ClcType, byte, bool, bool, int> Shapes => new()
    {
        { ClcType.Accept, 1, true, false, 68 },
        { ClcType.Accept, 1, false, false, 68 },
        { ClcType.Confirm, 1, true, false, 68 },
        { ClcType.Accept, 2, false, false, 108 },
        { ClcType.Accept, 2, true, false, 160 },
        { ClcType.Confirm, 2, false, false, 108 },
        { ClcType.Confirm, 2, true, false, 180 },
        { ClcType.Confirm, 2, true, true, 196 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_length_follows_from_type_version_and_first_contact(ClcType type, byte version, bool first, bool alternate, int expected)
    {
        bool hasExtension = first && version == 2;
        SmcrAcceptFields fields = Samples.SmcrAccept with
        {
            Type = type,
            Version = version,
            Eid = version == 1 ? default : Ueid.Default,
            FirstContact = !first ? null : hasExtension ? Samples.SmcrAccept.FirstContact : default(SmcrFirstContact),
            Gids = hasExtension && type == ClcType.Confirm ? new SmcrGidList(Samples.SmcrAccept.Gid, alternate ? 7 : null) : null,
        };
        byte[] message = Samples.Write(fields);
        Assert.Equal(expected, message.Length);
        Assert.Equal(WireError.None, SmcrAccept.TryWrap(message, type, out SmcrAccept accept));
        Assert.Equal(fields, accept.Fields);
        Assert.Equal(message, Reencode.Message(message));

        Laws.Decoder decode = type == ClcType.Accept ? DecodeAccept : DecodeConfirm;
        Assert.Equal(WireError.BadLength, decode([.. message, 0]));
        Laws.EveryPrefixIsRefused(message, decode);
        Laws.EveryBitFlipIsTotal(message, decode);
        Laws.RandomBytesAreTotal(message, ClcHeader.Size, decode);
        Laws.RandomBodiesAreTotal(message, ClcHeader.Size, decode);
        Laws.RandomBodiesAreTotal(message, Math.Min(FirstContactAt, message.Length), decode);
    }

    [Fact]
    public void Decoding_undoes_encoding() => Laws.Hold<(ulong A, ulong B, uint C, uint D, ushort E, byte F, bool First, bool IsConfirm)>(x =>
    {
        var common = new FirstContact((ClcOs)(x.F % 16), (byte)(1 + (x.F % 15)), ClcText.From($"host-{x.D}"), (ClcFeatures)x.E, x.C);
        var fields = new SmcrAcceptFields
        {
            Type = x.IsConfirm ? ClcType.Confirm : ClcType.Accept,
            SystemId = x.A,
            Gid = new UInt128(x.A, x.B),
            Mac = new MacAddress(x.B >> 16),
            QpNumber = x.C >> 8,
            Rkey = x.D,
            RmbeIndex = x.F,
            AlertToken = x.C,
            SizeCode = (byte)(x.F % 16),
            MtuCode = (byte)(1 + (x.F % 5)),
            Address = x.B,
            Psn = x.D >> 8,
            Eid = Ueid.Default,
            FirstContact = x.First ? new SmcrFirstContact(common, x.F % 2 == 0, x.F, (byte)x.E) : null,
            Gids = x is { First: true, IsConfirm: true } ? new SmcrGidList(x.A, x.F % 3 == 0 ? null : x.B) : null,
        };
        return SmcrAccept.TryWrap(Samples.Write(fields), fields.Type, out SmcrAccept accept) == WireError.None && accept.Fields == fields;
    });

    [Theory]
    [InlineData(4, 3, WireError.WrongType)]
    [InlineData(7, 0x29, WireError.WrongPath)]
    [InlineData(7, 0x2A, WireError.WrongPath)]
    [InlineData(7, 0x18, WireError.BadLength)]
    [InlineData(7, 0x08, WireError.WrongVersion)]
    [InlineData(SizeAndMtu, 0x20, WireError.BadMtuCode)]
    [InlineData(SizeAndMtu, 0x26, WireError.BadMtuCode)]
    [InlineData(SizeAndMtu, 0xF5, WireError.None)]
    [InlineData(159, 0, WireError.BadTrailer)]
    [InlineData(6, 107, WireError.BadLength)]
    [InlineData(6, 161, WireError.Truncated)]
    public void A_broken_rule_of_an_accept_is_named(int offset, byte value, WireError expected)
    {
        byte[] message = Samples.Write(Samples.SmcrAccept);
        message[offset] = value;
        Assert.Equal(expected, DecodeAccept(message));
    }

    [Theory]
    [InlineData(0, WireError.BadGidListCount)]
    [InlineData(1, WireError.None)]
    [InlineData(2, WireError.None)]
    [InlineData(3, WireError.BadGidListCount)]
    public void A_confirm_lists_one_GID_or_two(byte count, WireError expected)
    {
        byte[] message = Samples.Write(Confirm);
        message[GidCount] = count;
        Assert.Equal(expected, DecodeConfirm(message));
    }

    [Fact]
    public void Lists_and_extensions_that_do_not_fit_are_refused()
    {
        byte[] one = Samples.Write(Confirm with { Gids = null });
        Assert.Equal(180, one.Length);
        one[GidCount] = 2;
        Assert.Equal(WireError.MissingGidList, DecodeConfirm(one));

        byte[] none = Samples.Write(Samples.SmcrAccept);
        none[4] = (byte)ClcType.Confirm;
        Assert.Equal(WireError.MissingGidList, DecodeConfirm(none));

        byte[] bare = Samples.Write(Samples.SmcrAccept with { FirstContact = null });
        bare[7] |= 0x08;
        Assert.Equal(WireError.MissingFirstContact, DecodeAccept(bare));
    }

    [Fact]
    public void Release_0_is_read_with_its_zero_tail_and_without_it()
    {
        var contact = new SmcrFirstContact(new FirstContact(ClcOs.Zos, 0, ClcText.From("host"), ClcFeatures.None), true);
        SmcrAcceptFields fields = Confirm with { FirstContact = contact };
        byte[] message = Samples.Write(fields);
        Assert.Equal(196, message.Length);
        Assert.Equal(WireError.None, SmcrAccept.TryWrap(message, ClcType.Confirm, out SmcrAccept confirm));
        Assert.Equal(fields, confirm.Fields);

        byte[] shorter = [.. message[..(FirstContactAt + 36)], .. message[GidCount..]];
        shorter[6] = (byte)shorter.Length;
        Assert.Equal(180, shorter.Length);
        Assert.Equal(WireError.None, SmcrAccept.TryWrap(shorter, ClcType.Confirm, out confirm));
        Assert.Equal(fields, confirm.Fields);

        shorter[OsAndRelease] |= 1; // release 1 promises 16 bytes more
        Assert.NotEqual(WireError.None, DecodeConfirm(shorter));
    }

    [Fact]
    public void Numbers_of_more_than_24_bits_are_the_callers_fault()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Write(Samples.SmcrAccept with { QpNumber = 1 << 24 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Write(Samples.SmcrAccept with { Psn = 1 << 24 }));
    }

    [Fact]
    public void The_client_takes_only_terms_within_its_offer()
    {
        SmcrFirstContact good = Samples.SmcrAccept.FirstContact!.Value;
        AssertTerms(SmcReason.None, good);
        AssertTerms(SmcReason.None, good with { MaxConnections = 16, MaxLinks = 1 });
        AssertTerms(SmcReason.MaxConnectionsError, good with { MaxConnections = 15 });
        AssertTerms(SmcReason.MaxLinksError, good with { MaxLinks = 0 });
        AssertTerms(SmcReason.MaxLinksError, good with { MaxLinks = 3 });
        AssertTerms(SmcReason.ReleaseError, good with { Common = good.Common with { Release = 2 } });
        AssertTerms(SmcReason.None, new SmcrFirstContact(good.Common with { Release = 0, Features = ClcFeatures.None }, true));
        AssertTerms(SmcReason.None, null);

        static void AssertTerms(SmcReason expected, SmcrFirstContact? contact)
        {
            byte[] message = Samples.Write(Samples.SmcrAccept with { FirstContact = contact });
            Assert.Equal(WireError.None, SmcrAccept.TryWrap(message, ClcType.Accept, out SmcrAccept accept));
            Assert.Equal(expected, ClcChecks.CheckAcceptTerms(accept));
        }
    }

    [Fact]
    public void The_server_takes_a_confirm_that_repeats_its_accept()
    {
        SmcrFirstContact good = Samples.SmcrAccept.FirstContact!.Value;
        AssertEcho(WireError.None, SmcReason.None, Confirm);
        AssertEcho(WireError.VersionNotEchoed, SmcReason.None, Confirm with { Version = 1 });
        AssertEcho(WireError.FirstContactNotEchoed, SmcReason.None, Confirm with { FirstContact = null });
        AssertEcho(WireError.EidNotEchoed, SmcReason.None, Confirm with { Eid = default });
        AssertEcho(WireError.None, SmcReason.ReleaseError, Confirm with { FirstContact = good with { Common = good.Common with { Release = 2 } } });
        AssertEcho(WireError.None, SmcReason.MaxConnectionsError, Confirm with { FirstContact = good with { MaxConnections = 16 } });
        AssertEcho(WireError.None, SmcReason.MaxLinksError, Confirm with { FirstContact = good with { MaxLinks = 1 } });

        static void AssertEcho(WireError error, SmcReason reason, SmcrAcceptFields fields)
        {
            Assert.Equal(WireError.None, SmcrAccept.TryWrap(Samples.Write(fields), ClcType.Confirm, out SmcrAccept confirm));
            Assert.Equal(error, ClcChecks.CheckEcho(confirm, Samples.SmcrAccept));
            Assert.Equal(reason, ClcChecks.CheckConfirmTerms(confirm, Samples.SmcrAccept.FirstContact!.Value));
        }
    }

    [Fact]
    public void Captured_confirms_repeat_their_accepts()
    {
        foreach (string name in Capture.Names)
        {
            SmcrAcceptFields last = default;
            foreach (byte[] message in Capture.Clc(name).Select(Capture.Bytes))
            {
                if (SmcrAccept.TryWrap(message, ClcType.Accept, out SmcrAccept accept) == WireError.None)
                {
                    last = accept.Fields;
                    Assert.Equal(SmcReason.None, ClcChecks.CheckAcceptTerms(accept));
                }
                else if (SmcrAccept.TryWrap(message, ClcType.Confirm, out SmcrAccept confirm) == WireError.None
                    && last.FirstContact.HasValue == confirm.IsFirstContact)
                {
                    Assert.Equal(WireError.None, ClcChecks.CheckEcho(confirm, last));
                    Assert.Equal(SmcReason.None, ClcChecks.CheckConfirmTerms(confirm, last.FirstContact ?? default));
                    Assert.Equal(confirm.Gid, confirm.Gids?.Link ?? confirm.Gid);
                }
            }
        }
    }
}
