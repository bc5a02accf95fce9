using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Wire;

public sealed class SmcGidTests
{
    [Fact]
    public void A_GID_and_its_UUID_have_the_same_bytes_in_the_same_order()
    {
        var uuid = Guid.Parse("0c33dac3-8ec9-4f09-ad48-4a98292c8c30");
        SmcGid gid = SmcGid.FromGuid(uuid);
        Assert.Equal(new SmcGid(0x0C33_DAC3_8EC9_4F09, 0xAD48_4A98_292C_8C30), gid);
        Assert.Equal(uuid, gid.ToGuid());
        Assert.Equal(uuid.ToString(), gid.ToString());
    }

    [Fact]
    public void Reading_undoes_writing_and_both_halves_count() => Laws.Hold<(ulong High, ulong Low)>(x =>
    {
        var gid = new SmcGid(x.High, x.Low);
        byte[] bytes = new byte[SmcGid.Size];
        gid.Write(bytes);
        return SmcGid.Read(bytes) == gid && SmcGid.FromGuid(gid.ToGuid()) == gid && gid != gid with { Low = ~x.Low } && gid != gid with { High = ~x.High };
    });

    [Fact]
    public void Random_GIDs_differ() => Assert.NotEqual(SmcGid.NewRandom(), SmcGid.NewRandom());
}
