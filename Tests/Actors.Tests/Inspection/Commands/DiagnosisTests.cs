using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Commands;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Actors.Tests.Inspection.Commands;

/// <summary>What an operator is told that a connection waits for.</summary>
public sealed class DiagnosisTests
{
    private const uint Full = 65_504;
    private const uint Largest = 1_048_544;

    [Theory]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Asleep, Full, false, "window: ")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Awake, Full, false, "window: ")]   // it spins
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Awake, 7, false, "application: this end is at it")]
    [InlineData(DirectionActivity.Awake, 0, DirectionActivity.Outside, 0, false, "peer: ")]        // it spins
    [InlineData(DirectionActivity.Awake, 7, DirectionActivity.Outside, 0, true, "application: this end is at it")]
    [InlineData(DirectionActivity.Asleep, 7, DirectionActivity.Outside, 0, false, "bell: ")]
    [InlineData(DirectionActivity.Asleep, 0, DirectionActivity.Outside, 0, false, "peer: ")]
    [InlineData(DirectionActivity.Outside, 7, DirectionActivity.Outside, 0, false, "application: this end has to read")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, 0, true, "application: this end is not reading; what has come since its last read is not known")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, 0, false, "application: this end is not reading; what has come since its last read is not known")]
    [InlineData(DirectionActivity.Outside, 0, DirectionActivity.Outside, Full, false, "application: this end is not reading; what has come since its last read is not known, and the peer's buffer is full")]
    public void It_names_the_one_thing_that_is_waited_for(DirectionActivity reads, uint come, DirectionActivity writes, uint unread, bool peerIsBlocked, string expected)
    {
        var path = new PathSnapshot(0, Samples.Reading(reads, come), Samples.Writing(writes, unread), peerIsBlocked);
        Assert.StartsWith(expected, Diagnosis.Of(default, path).WaitsFor.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_publishes_and_does_not_ring_is_to_be_updated() =>
        Assert.StartsWith("Update the peer", Diagnosis.Of(new SmcStatistics { MissedBells = 1 }, Samples.Idle).Remedy, StringComparison.Ordinal);

    /// <summary>An application that never reads is the commonest stall of all, and this end knows least of it.</summary>
    [Fact]
    public void An_end_that_does_not_read_is_not_said_to_have_nothing_to_do()
    {
        Diagnosis diagnosis = Diagnosis.Of(default, Samples.Idle);
        Assert.Equal("Look why this end does not read, if it should: what has come since its last read is not known.", diagnosis.Remedy);
        Assert.EndsWith("whether the peer waits for room is not known until this end reads", diagnosis.Buffers, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_has_come_and_is_not_read_is_not_nothing_to_do() => Assert.Equal(
        "Look why this end does not read.",
        Diagnosis.Of(default, Samples.Idle with { Reading = Samples.Reading(DirectionActivity.Outside, 7) }).Remedy);

    [Fact]
    public void A_connection_that_is_stuck_in_its_first_write_has_been_written_to()
    {
        PathSnapshot path = Samples.Idle with { Writing = Samples.Writing(DirectionActivity.Asleep, Full) };
        Assert.Contains("64 KiB, full at 1 of 1 write, and full now", Diagnosis.Of(new SmcStatistics { PeerBufferFull = 1, BytesWritten = Full }, path).Buffers, StringComparison.Ordinal);
        Assert.Contains("not written to yet", Diagnosis.Of(default, Samples.Idle).Buffers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 5, Full, "Nothing to do.", "full at 5 of 100 writes: large enough")]
    [InlineData(100, 6, Full, "Raise smc.buffers.size in the peer to 128 KiB, or let it read faster.", "full at 6 of 100 writes: 128 KiB would be better")]
    [InlineData(100, 6, Largest, "Let the peer read faster: its buffer is as large as one gets.", "full at 6 of 100 writes, and the largest there is")]
    public void A_buffer_that_is_full_at_more_than_a_twentieth_of_the_writes_is_too_small(long writes, long full, uint ring, string remedy, string buffers)
    {
        PathSnapshot path = Samples.Idle with { Reading = Samples.Reading(DirectionActivity.Asleep, 0), Writing = Samples.Idle.Writing with { RingBytes = ring } };
        Diagnosis diagnosis = Diagnosis.Of(new SmcStatistics { Writes = writes, PeerBufferFull = full }, path);
        Assert.Equal(remedy, diagnosis.Remedy);
        Assert.Contains(buffers, diagnosis.Buffers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, "Read faster, or raise smc.buffers.size here to 128 KiB: the peer waits for room.", "the peer waits for room")]
    [InlineData(0, "Nothing to do.", "the peer does not wait for room")]   // it says so until it writes again, and has the room
    public void A_peer_that_is_blocked_waits_for_room_while_there_is_something_to_read(uint come, string remedy, string buffers)
    {
        Diagnosis diagnosis = Diagnosis.Of(default, Samples.Idle with { Reading = Samples.Reading(DirectionActivity.Awake, come), PeerIsBlocked = true });
        Assert.Equal(remedy, diagnosis.Remedy);
        Assert.EndsWith(buffers, diagnosis.Buffers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, "window: stalled: the peer's buffer is full, and for 1m0s its application has read nothing", true)]
    [InlineData(0.9, "window: the peer's buffer is full, and its application has to read", false)]
    public void A_writer_for_whom_the_peer_has_read_nothing_for_a_second_is_stalled(double seconds, string expected, bool isStalled)
    {
        PathSnapshot path = Samples.Idle with { Writing = Samples.Writing(DirectionActivity.Asleep, Full) with { Held = TimeSpan.FromSeconds(seconds) } };
        Diagnosis diagnosis = Diagnosis.Of(new SmcStatistics { Writes = 1, PeerBufferFull = 1 }, path);
        Assert.Equal((expected, isStalled), (diagnosis.WaitsFor.ToString(), ConnectionReport.Stalls(path)));
        Assert.Equal(isStalled, diagnosis.Remedy == "Look why the peer does not read.");
    }

    [Fact]
    public void A_full_buffer_of_a_peer_that_does_not_read_is_looked_at_there() =>
        Assert.Equal("Look why the peer does not read.", Diagnosis.Of(default, Samples.Idle with { Writing = Samples.Writing(DirectionActivity.Outside, Full) }).Remedy);
}
