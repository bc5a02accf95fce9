namespace Smc.Transport.Tests;

public sealed class SmcReasonsTests
{
    private const int LongestLine = 120;

    [Fact]
    public void A_reason_that_a_peer_names_is_one_that_is_known()
    {
        Assert.Equal(SmcReason.MatchTimeout, SmcReasons.FromPeer(SmcReason.MatchTimeout));
        Assert.Equal(SmcReason.PeerDeclined, SmcReasons.FromPeer(SmcReason.None));
        Assert.Equal(SmcReason.PeerDeclined, SmcReasons.FromPeer((SmcReason)0xDEAD_BEEF));
    }

    [Fact]
    public void Every_reason_has_a_short_name_a_sentence_and_a_remedy_of_one_line()
    {
        foreach (SmcReason reason in Enum.GetValues<SmcReason>())
        {
            Assert.Matches("^[A-Z0-9_]+$", SmcReasons.ShortName(reason));
            Assert.All([SmcReasons.Sentence(reason), SmcReasons.Remedy(reason)], line =>
            {
                Assert.EndsWith(".", line, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', line);
                Assert.InRange(line.Length, 1, LongestLine);
            });
        }
    }

    [Fact]
    public void No_two_reasons_share_a_short_name_or_a_sentence()
    {
        SmcReason[] all = Enum.GetValues<SmcReason>();
        Assert.Equal(all.Length, all.Select(SmcReasons.ShortName).Distinct().Count());
        Assert.Equal(all.Length, all.Select(SmcReasons.Sentence).Distinct().Count());
    }

    [Theory]
    [InlineData(0x0101_0000u, "MEMORY")]
    [InlineData(0x0301_0000u, "PEER_NO_SMC")]
    [InlineData(0x0303_0007u, "NOSMCD2DEV")]
    [InlineData(0x030D_0000u, "MAX_DMB")]
    [InlineData(0x0500_0000u, "PEERDECL")]
    public void Protocol_codes_keep_the_names_of_the_SMC_tools(uint code, string name) => Assert.Equal(name, SmcReasons.ShortName((SmcReason)code));

    [Fact]
    public void Every_code_of_the_protocol_has_its_name()
    {
        uint[] codes =
        [
            0x0101_0000, 0x0201_0000, 0x0202_0000, 0x0300_0000, 0x0301_0000, 0x0302_0000,
            .. Enumerable.Range(0x0303_0000, 0xD).Select(code => (uint)code),
            .. Enumerable.Range(0x304, 0xC).Select(code => (uint)code << 16),
            0x0400_0000, 0x0500_0000, 0x0999_0000, 0x0999_0001, 0x0999_0002, 0x0999_0003, 0x0999_0004,
        ];
        Assert.Equal(codes, Enum.GetValues<SmcReason>().Where(reason => reason != SmcReason.None && !SmcReasons.IsOwn(reason)).Select(reason => (uint)reason));
        Assert.All(codes, code => Assert.NotEqual("[unknown]", SmcReasons.ShortName((SmcReason)code)));
    }

    [Fact]
    public void A_code_that_a_peer_made_up_has_words_too()
    {
        const SmcReason unheardOf = (SmcReason)0x0777_0777;
        Assert.Equal("[unknown]", SmcReasons.ShortName(unheardOf));
        Assert.NotEmpty(SmcReasons.Sentence(unheardOf));
        Assert.NotEmpty(SmcReasons.Remedy(unheardOf));
    }

    [Fact]
    public void Own_codes_lie_beyond_those_of_the_protocol()
    {
        Assert.False(SmcReasons.IsOwn(SmcReason.CreditsError));
        Assert.True(SmcReasons.IsOwn(SmcReason.NotPublished));
        Assert.Equal(14, Enum.GetValues<SmcReason>().Count(SmcReasons.IsOwn));
    }
}
