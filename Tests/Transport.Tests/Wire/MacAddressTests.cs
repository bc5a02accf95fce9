using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Wire;

public sealed class MacAddressTests
{
    [Fact]
    public void The_bytes_come_back_and_read_as_text()
    {
        byte[] bytes = [0x02, 0x00, 0x5E, 0x10, 0xAB, 0xFF];
        MacAddress address = MacAddress.Read(bytes);
        Assert.Equal(0x0200_5E10_ABFFu, address.Value);
        Assert.Equal("02:00:5e:10:ab:ff", address.ToString());
        byte[] target = new byte[MacAddress.Size];
        address.Write(target);
        Assert.Equal(bytes, target);
    }

    [Fact]
    public void Too_few_bytes_are_the_callers_fault() => Assert.Throws<ArgumentOutOfRangeException>(() => MacAddress.Read(new byte[5]));
}
