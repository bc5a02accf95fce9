using Smc.Transport.Memory;

namespace Smc.Transport.Tests.Memory;

public sealed class SizeClassTests
{
    private const int Kib = 1024;

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 32)]
    [InlineData(2, 64)]
    [InlineData(3, 128)]
    [InlineData(4, 256)]
    [InlineData(5, 512)]
    [InlineData(6, 1024)]
    public void A_code_is_16_KiB_shifted_left(byte code, int kib)
    {
        Assert.True(SizeClass.TryFromCode(code, out SizeClass sizeClass));
        Assert.Equal((code, kib * Kib), (sizeClass.Code, sizeClass.Bytes));
        Assert.Equal(sizeClass, SizeClass.ForSmcd(kib * Kib));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(255)]
    public void Codes_that_SMC_D_does_not_have_are_refused(byte code) => Assert.False(SizeClass.TryFromCode(code, out _));

    [Theory]
    [InlineData(-1, 16)]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData((16 * Kib) + 1, 32)]
    [InlineData((32 * Kib) + 1, 64)]
    [InlineData(65_536, 64)]
    [InlineData(65_537, 128)]
    [InlineData((512 * Kib) + 1, 1024)]
    [InlineData((1024 * Kib) + 1, 1024)]
    [InlineData(long.MaxValue, 1024)]
    public void A_request_is_rounded_up_and_ends_at_1_MiB(long bytes, int kib) => Assert.Equal(kib * Kib, SizeClass.ForSmcd(bytes).Bytes);

    [Fact]
    public void Stepping_down_halves_and_ends_at_the_smallest()
    {
        SizeClass sizeClass = SizeClass.ForSmcd(1024 * Kib);
        int steps = 0;
        while (sizeClass.TryStepDown(out SizeClass smaller))
        {
            Assert.Equal(sizeClass.Bytes / 2, smaller.Bytes);
            sizeClass = smaller;
            steps++;
        }

        Assert.Equal((6, SizeClass.SmallestBytes), (steps, sizeClass.Bytes));
    }
}
