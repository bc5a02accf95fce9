using System.Security.Cryptography;
using Smc.Host.Demo;

namespace Smc.Host.Tests.Demo;

public sealed class SeededFileTests : TestFolder
{
    [Fact]
    public void The_same_seed_makes_the_same_bytes_on_every_machine()
    {
        SeededFile.Write(At("a"), 24, 42);
        // The first three values of SplitMix64 from 42.
        Assert.Equal("956eeb2f2632d7bd03f166b233e3ef28529f0f1357675247", Convert.ToHexStringLower(File.ReadAllBytes(At("a"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData((1 << 20) + 1)]
    public void A_file_has_the_length_asked_for(long length)
    {
        SeededFile.Write(At("a"), length, 1);
        Assert.Equal(length, new FileInfo(At("a")).Length);
    }

    [Fact]
    public void Another_seed_makes_other_bytes()
    {
        SeededFile.Write(At("a"), 1000, 1);
        SeededFile.Write(At("b"), 1000, 2);
        Assert.NotEqual(SHA256.HashData(File.ReadAllBytes(At("a"))), SHA256.HashData(File.ReadAllBytes(At("b"))));
    }
}
