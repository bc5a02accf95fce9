using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class DeclineTests
{
    private static readonly Laws.Decoder Decode = bytes => Decline.TryWrap(bytes, out _);

    [Fact]
    public void Decoding_undoes_encoding() => Laws.Hold<(ulong Id, uint Code, byte Os, uint A, uint B, bool Second)>(x =>
    {
        var details = new DeclineDetails(x.A, x.B, ~x.A, ~x.B);
        var fields = new DeclineFields(x.Second ? (byte)2 : (byte)1, (SmcReason)x.Code, x.Id, (ClcOs)(x.Os % 16), x.Second ? details : default);
        byte[] message = Samples.Write(fields);
        return message.Length == (x.Second ? 44 : 28)
            && Decline.TryWrap(message, out Decline decline) == WireError.None
            && decline.Fields == fields && decline.IsOutOfSync == ((SmcReason)x.Code == SmcReason.SyncError);
    });

    [Fact]
    public void Damaged_declines_give_an_error_and_never_an_exception()
    {
        foreach (byte version in new byte[] { 1, 2 })
        {
            byte[] message = Samples.Write(new DeclineFields(version, SmcReason.NoUeid, 7, ClcOs.Linux, new DeclineDetails(1, 2, 3, 4)));
            Assert.Equal(WireError.None, Decode(message));
            Assert.Equal(WireError.BadLength, Decode([.. message, 0]));
            Laws.EveryPrefixIsRefused(message, Decode);
            Laws.EveryBitFlipIsTotal(message, Decode);
            Laws.RandomBytesAreTotal(message, ClcHeader.Size, Decode);
            Laws.RandomBodiesAreTotal(message, ClcHeader.Size, Decode);
        }
    }

    [Fact]
    public void The_out_of_sync_bit_goes_with_the_code_for_it_and_no_other()
    {
        Assert.Equal(0x28, Samples.Write(new DeclineFields(2, SmcReason.SyncError))[7]);
        Assert.Equal(0x18, Samples.Write(new DeclineFields(1, SmcReason.SyncError))[7]);
        Assert.Equal(0x20, Samples.Write(new DeclineFields(2, SmcReason.OutOfMemory))[7]);
    }

    [Fact]
    public void The_length_belongs_to_the_version()
    {
        byte[] second = Samples.Write(new DeclineFields(2, SmcReason.NoUeid));
        second[7] = 0x10;
        Assert.Equal(WireError.BadLength, Decode(second));
        byte[] first = Samples.Write(new DeclineFields(1, SmcReason.NoUeid));
        first[7] = 0x20;
        Assert.Equal(WireError.BadLength, Decode(first));
    }

    [Fact]
    public void The_trailer_is_not_checked()
    {
        byte[] message = Samples.Write(new DeclineFields(1, SmcReason.NoUeid));
        message.AsSpan(^4).Clear();
        Assert.Equal(WireError.None, Decode(message));
    }
}
