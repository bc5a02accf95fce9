using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Inspection.Commands;

/// <summary>What a connection on shared memory waits for, and what would help, in sentences.</summary>
/// <param name="Reading">What the application does in that direction.</param>
/// <param name="Writing">The same.</param>
/// <param name="WaitsFor">The one thing that it waits for: window, bell, peer or application.</param>
/// <param name="Remedy">What to do, or that there is nothing to do.</param>
internal sealed record Diagnosis(string Reading, string Writing, string WaitsFor, string Remedy)
{
    /// <summary>A writer that finds the peer's buffer full at more than one write in so many is held up by it.</summary>
    private const long FullShare = 20;

    private const long LargestBuffer = SizeClass.SmallestBytes << SizeClass.LargestSmcdCode;

    public static Diagnosis Of(SmcStatistics counters, PathSnapshot path)
    {
        bool isFull = path.Writing.Pending >= path.Writing.RingBytes;
        return new Diagnosis(ReadingOf(path.Reading), WritingOf(path.Writing), WaitsForOf(path, isFull), RemedyOf(counters, path, isFull));
    }

    private static string ReadingOf(DirectionSnapshot reading) => reading.Activity switch
    {
        DirectionActivity.Asleep => "a read sleeps until the peer writes",
        DirectionActivity.Awake => "a read is on its way",
        _ => "the application is not reading",
    };

    private static string WritingOf(DirectionSnapshot writing) => writing.Activity switch
    {
        DirectionActivity.Asleep => "a write sleeps until the peer has read",
        DirectionActivity.Awake => "a write is on its way",
        _ => "the application is not writing",
    };

    private static string WaitsForOf(PathSnapshot path, bool isFull)
    {
        if (path.Writing.Activity == DirectionActivity.Asleep) return "window: the peer's buffer is full, and its application has to read";
        if (path.Reading is { Activity: DirectionActivity.Asleep, Pending: > 0 }) return "bell: data has come, and the reader is still asleep";
        if (path.Reading.Activity == DirectionActivity.Outside && (path.Reading.Pending > 0 || path.PeerIsBlocked)) return "application: this end has to read";
        if (path.Reading.Activity == DirectionActivity.Asleep) return "peer: it has to write";
        return isFull ? "application: this end has nothing to do, and the peer's buffer is full" : "application: neither end has anything to do";
    }

    private static string RemedyOf(SmcStatistics counters, PathSnapshot path, bool isFull)
    {
        if (counters.MissedBells > 0) return "Update the peer: it publishes and does not ring, so that bytes are read seconds late.";
        if (counters.Writes > 0 && counters.PeerBufferFull * FullShare > counters.Writes)
        {
            long wanted = Math.Min(2L * (path.Writing.RingBytes + 1), LargestBuffer);
            string full = $"The peer's buffer of {ReportText.Size(path.Writing.RingBytes)} was full at {ReportText.Count(counters.PeerBufferFull)} of {ReportText.Count(counters.Writes)} writes";
            return path.Writing.RingBytes + SizeClass.SmallestBytes > LargestBuffer
                ? $"{full}, and is as large as one gets: let the peer read faster."
                : $"{full}: raise smc.buffers.size there to {ReportText.Size(SizeClass.ForSmcd(wanted).Bytes)}, or let it read faster.";
        }

        if (path.PeerIsBlocked) return "Read faster, or raise smc.buffers.size here: the peer waits for room.";
        return isFull ? "Look why the peer does not read." : "Nothing to do.";
    }
}
