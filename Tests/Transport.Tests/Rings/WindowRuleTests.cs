namespace Smc.Transport.Tests.Rings;

/// <summary>When a consumer cursor is worth sending: more than a tenth unconfirmed, and the sender at most half free or blocked.</summary>
public sealed class WindowRuleTests
{
    private const int Ring = 65_504;
    private const int Tenth = Ring / 10;

    [Theory]
    [InlineData(Ring, Tenth, false)]           // not more than a tenth
    [InlineData(Ring, Tenth + 1, true)]
    [InlineData(Ring, Ring, true)]
    [InlineData(Ring / 2, Tenth + 1, true)]    // exactly half free
    [InlineData((Ring / 2) - 1, Tenth + 1, false)]
    [InlineData(Tenth + 1, Tenth + 1, false)]  // plenty free
    public void An_update_is_due_past_a_tenth_when_at_most_half_is_free(int produced, int consumed, bool due) =>
        Assert.Equal(due, IsDue(Ring, produced, consumed, peerIsBlocked: false));

    [Theory]
    [InlineData(Tenth + 1, Tenth, false)]
    [InlineData(Tenth + 1, Tenth + 1, true)]
    public void A_blocked_sender_is_told_past_a_tenth_however_much_is_free(int produced, int consumed, bool due) =>
        Assert.Equal(due, IsDue(Ring, produced, consumed, peerIsBlocked: true));

    [Theory]
    [InlineData(2304, false)]
    [InlineData(2305, true)]
    public void A_small_ring_counts_2304_bytes_as_its_tenth(int consumed, bool due) =>
        Assert.Equal(due, IsDue(16_352, 16_352, consumed, peerIsBlocked: true));

    [Theory]
    [InlineData(16_352)]
    [InlineData(Ring)]
    [InlineData((1024 * 1024) - 32)]
    public void A_reader_that_has_read_a_full_ring_always_sends(int ringBytes) =>
        Assert.True(IsDue(ringBytes, ringBytes, ringBytes, peerIsBlocked: false), "A full writer would wait for ever.");

    [Fact]
    public void A_confirmation_starts_the_count_again()
    {
        var ring = new RingPair(Ring);
        ring.Write(new byte[Ring]);
        ring.Read(new byte[Tenth + 1]);
        Assert.True(ring.Receive.IsUpdateDue(peerIsBlocked: true));
        ring.Update();
        Assert.False(ring.Receive.IsUpdateDue(peerIsBlocked: true));
        Assert.Equal((uint)(Tenth + 1), ring.Send.Space);
    }

    private static bool IsDue(int ringBytes, int produced, int consumed, bool peerIsBlocked)
    {
        var ring = new RingPair(ringBytes);
        Assert.Equal(produced, ring.Write(new byte[produced]));
        Assert.Equal(consumed, ring.Read(new byte[consumed]));
        return ring.Receive.IsUpdateDue(peerIsBlocked);
    }
}
