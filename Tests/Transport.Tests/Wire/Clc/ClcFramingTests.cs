using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class ClcFramingTests
{
    [Theory]
    [InlineData("e2d4c3d9 01 0034 10", ClcType.Proposal, WireError.None)]
    [InlineData("e2d4c3d9 01 028c 26", ClcType.Proposal, WireError.None)]
    [InlineData("e2d4c3c4 01 0034 20", ClcType.Proposal, WireError.None)]
    [InlineData("e2d4c3d9 04 001c 10", ClcType.Accept, WireError.None)]         // a Decline is always expected
    [InlineData("e2d4c3c4 02 004e 21", ClcType.Accept, WireError.None)]
    [InlineData("e2d4c3d8 01 0034 10", ClcType.Proposal, WireError.WrongEyecatcher)]
    [InlineData("e2d4c3d9 05 0034 10", ClcType.Proposal, WireError.WrongType)]
    [InlineData("e2d4c3d9 00 0034 10", ClcType.Proposal, WireError.WrongType)]
    [InlineData("e2d4c3c4 03 004e 21", ClcType.Accept, WireError.WrongType)]
    [InlineData("e2d4c3d9 01 0034 0f", ClcType.Proposal, WireError.WrongVersion)]
    [InlineData("e2d4c3d9 01 0033 10", ClcType.Proposal, WireError.BadLength)]
    [InlineData("e2d4c3d9 01 028d 20", ClcType.Proposal, WireError.BadLength)]
    [InlineData("e2d4c3d9 04 001b 10", ClcType.Confirm, WireError.BadLength)]
    [InlineData("e2d4c3c4 02 002f 21", ClcType.Accept, WireError.BadLength)]
    [InlineData("e2d4c3d9 01 0034", ClcType.Proposal, WireError.Truncated)]
    public void A_header_tells_how_many_bytes_to_read_or_what_is_wrong(string hex, ClcType expected, WireError error)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(error, ClcFraming.TryGetLength(bytes, expected, out ClcHeader header));
        if (error == WireError.None)
            Assert.Equal((bytes[5] << 8) | bytes[6], header.Length);
    }

    [Fact]
    public void The_longest_message_is_a_full_proposal_of_652_bytes()
    {
        Assert.Equal(652, ClcFraming.MaxLength);
        Assert.Equal(ClcFraming.MaxLength, Samples.LongestProposal().Length);
    }

    [Fact]
    public void Sniffing_knows_a_proposal_by_its_first_eight_bytes_and_waits_for_them()
    {
        byte[] proposal = Samples.LoopbackProposal;
        for (int length = 0; length < ClcHeader.Size; length++)
            Assert.Equal(ClcSniff.Undecided, ClcFraming.Sniff(proposal.AsSpan(0, length)));
        Assert.Equal(ClcSniff.Proposal, ClcFraming.Sniff(proposal.AsSpan(0, ClcHeader.Size)));
        Assert.Equal(ClcSniff.Proposal, ClcFraming.Sniff(proposal));
    }

    [Theory]
    [InlineData("47455420")]          // "GET "
    [InlineData("50")]                // one byte is enough to tell
    [InlineData("e2d4c3c5")]
    [InlineData("e2d4c3d902")]        // an Accept
    [InlineData("e2d4c3d904001c10")]  // a Decline
    [InlineData("e2d4c3d901003400")]  // version 0
    [InlineData("e2d4c3d901003310")]  // 51 bytes
    [InlineData("e2d4c3d901028d10")]  // 653 bytes
    public void Sniffing_leaves_everything_else_to_the_application(string hex) => Assert.Equal(ClcSniff.NotSmc, ClcFraming.Sniff(Convert.FromHexString(hex)));

    [Fact]
    public void Sniffing_is_final_once_it_has_decided() => Laws.Hold<(int Seed, byte Kept)>(x =>
    {
        byte[] bytes = new byte[ClcHeader.Size];
        new Random(x.Seed).NextBytes(bytes);
        Samples.LoopbackProposal.AsSpan(0, x.Kept % (ClcHeader.Size + 1)).CopyTo(bytes);
        ClcSniff final = ClcFraming.Sniff(bytes);
        return final != ClcSniff.Undecided
            && Enumerable.Range(0, ClcHeader.Size).Select(n => ClcFraming.Sniff(bytes.AsSpan(0, n))).All(s => s == ClcSniff.Undecided || s == final);
    });
}
