using Smc.Host.CommandLine;
using Smc.Host.Text;

namespace Smc.Host.Tests.Text;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("17", 17)]
    [InlineData("17B", 17)]
    [InlineData("64KiB", 65_536)]
    [InlineData("256 MiB", 268_435_456)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("1073741824", 1_073_741_824)]
    public void A_size_is_read_with_its_unit(string text, long bytes) => Assert.Equal(bytes, Quantity.ParseSize(text));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("1MB")]
    [InlineData("1TiB")]
    [InlineData("99999999999999999GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<CommandFailure>(() => Quantity.ParseSize(text));
}
