using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class UeidTests
{
    [Theory]
    [InlineData("A")]
    [InlineData("0.-9")]
    [InlineData("GOLDEN.TEST.UEID.1")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")]
    [InlineData("PADDED                          ")]
    public void An_EID_of_the_allowed_characters_is_parsed(string text)
    {
        Assert.True(Ueid.TryParse(text, out Ueid ueid));
        Assert.True(ueid.IsValid);
        Assert.Equal(text.TrimEnd(' '), ueid.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(".A")]
    [InlineData("-A")]
    [InlineData(" A")]
    [InlineData("A B")]
    [InlineData("lower")]
    [InlineData("A..B")]
    [InlineData("A_B")]
    [InlineData("Ä")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Ueid.TryParse(text, out Ueid ueid));
        Assert.Equal(default, ueid);
    }

    [Fact]
    public void The_default_EID_is_valid_and_blank_padded()
    {
        Span<byte> bytes = stackalloc byte[Ueid.Size];
        Ueid.Default.Text.Write(bytes);
        Assert.Equal("SMC-ACTORS-DEFAULT-UEID         "u8, bytes);
        Assert.True(Ueid.Default.IsValid);
    }

    [Fact]
    public void No_EID_is_not_a_valid_one() => Assert.False(default(Ueid).IsValid);

    [Fact]
    public void Whatever_a_peer_sent_is_kept_compared_and_printed_safely() => Laws.Hold<int>(seed =>
    {
        byte[] bytes = new byte[ClcText.Size];
        new Random(seed).NextBytes(bytes);
        var ueid = new Ueid(ClcText.Read(bytes));
        byte[] again = new byte[ClcText.Size];
        ueid.Text.Write(again);
        return again.AsSpan().SequenceEqual(bytes) && ueid == new Ueid(ClcText.Read(again)) && ueid.ToString().All(c => c is >= ' ' and <= '~');
    });

    [Fact]
    public void Text_is_cut_padded_and_made_printable()
    {
        Assert.Equal("host?name", ClcText.From("host\nname").ToString());
        Assert.Equal(new string('x', ClcText.Size), ClcText.From(new string('x', 99)).ToString());
        Assert.Equal("", default(ClcText).ToString());
    }
}
