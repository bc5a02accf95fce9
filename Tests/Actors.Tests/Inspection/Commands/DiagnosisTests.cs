using Smc.Actors.Inspection.Commands;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Actors.Tests.Inspection.Commands;

/// <summary>What an operator is told that a connection waits for.</summary>
public sealed class DiagnosisTests
{
    private const uint Full = 65_504;

    [Theory]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Asleep, Full, false, "window: ")]
    [InlineData(DirectionActivity.Asleep, 7, DirectionActivity.Outside, 0, false, "bell: ")]
    [InlineData(DirectionActivity.Asleep, 0, DirectionActivity.Outside, 0, false, "peer: ")]
    [InlineData(DirectionActivity.Outside, 7, DirectionActivity.Outside, 0, false, "application: this end has to read")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, 0, true, "application: this end has to read")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, 0, false, "application: neither end")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, Full, false, "application: this end has nothing to do, and")]
    public void It_names_the_one_thing_that_is_waited_for(DirectionActivity reads, uint come, DirectionActivity writes, uint unread, bool peerIsBlocked, string expected)
    {
        var path = new PathSnapshot(0, Samples.Reading(reads, come), Samples.Writing(writes, unread), peerIsBlocked);
        Assert.StartsWith(expected, Diagnosis.Of(default, path).WaitsFor, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_publishes_and_does_not_ring_is_to_be_updated() =>
        Assert.StartsWith("Update the peer", Diagnosis.Of(new SmcStatistics { MissedBells = 1 }, Samples.Idle).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData(100, 5, "Nothing to do.")]
    [InlineData(100, 6, "The peer's buffer of 64 KiB was full at 6 of 100 writes: raise smc.buffers.size there to 128 KiB, or let it read faster.")]
    public void A_buffer_that_is_full_at_more_than_a_twentieth_of_the_writes_is_too_small(long writes, long full, string remedy) =>
        Assert.Equal(remedy, Diagnosis.Of(new SmcStatistics { Writes = writes, PeerBufferFull = full }, Samples.Idle).Remedy);
}
