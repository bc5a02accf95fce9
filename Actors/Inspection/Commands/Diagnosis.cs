using Smc.Actors.Inspection.Reports;
using Smc.Transport;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Inspection.Commands;

/// <summary>What is found to be the matter with a connection on shared memory.</summary>
internal enum DiagnosisKind
{
    /// <summary>Nothing.</summary>
    Healthy,

    /// <summary>Its peer publishes and does not ring.</summary>
    MissedBells,

    /// <summary>The peer's buffer is often full, and could be larger.</summary>
    PeerBufferTooSmall,

    /// <summary>The peer's buffer is often full, and is as large as one gets.</summary>
    PeerTooSlow,

    /// <summary>The peer waits for room in this end's buffer.</summary>
    ReaderTooSlow,

    /// <summary>The peer's buffer is full just now.</summary>
    PeerDoesNotRead,

    /// <summary>This end's application is not reading.</summary>
    NotReading,
}

/// <summary>The one thing that a connection waits for.</summary>
/// <param name="Word">window, bell, peer or application.</param>
/// <param name="Detail">What that means here, in words.</param>
internal sealed record Awaited(string Word, string Detail)
{
    public static readonly Awaited Window = new("window", "the peer's buffer is full, and its application has to read");
    public static readonly Awaited Bell = new("bell", "data has come, and the reader is still asleep");
    public static readonly Awaited Reading = new(OwnApplication, "this end has to read");
    public static readonly Awaited Peer = new("peer", "it has to write");
    public static readonly Awaited Application = new(OwnApplication, "this end is at it just now");
    public static readonly Awaited Unknown = new(OwnApplication, NothingKnown);
    public static readonly Awaited UnknownAndFull = new(OwnApplication, $"{NothingKnown}, and the peer's buffer is full");

    /// <summary>The same where the peer has read nothing for a while.</summary>
    public static Awaited StalledFor(TimeSpan time) => new(Window.Word, $"stalled: the peer's buffer is full, and for {ReportText.Age(time)} its application has read nothing");

    private const string OwnApplication = "application";
    private const string NothingKnown = "this end is not reading; what has come since its last read is not known";

    /// <inheritdoc />
    public override string ToString() => $"{Word}: {Detail}";
}

/// <summary>What a connection on shared memory waits for, and what would help, in sentences. All is of this end's knowledge: what the peer has written or
/// wants since this end last read is in shared memory, which only its reader may look at.</summary>
/// <param name="Kind">What is the matter.</param>
/// <param name="Reading">What the application does in that direction.</param>
/// <param name="Writing">The same.</param>
/// <param name="WaitsFor">The one thing that it waits for.</param>
/// <param name="Buffers">Their sizes against what they would have to be.</param>
/// <param name="Remedy">What to do, or that there is nothing to do.</param>
internal sealed record Diagnosis(DiagnosisKind Kind, string Reading, string Writing, Awaited WaitsFor, string Buffers, string Remedy)
{
    /// <summary>A writer that finds the peer's buffer full at more than one write in so many is held up by it.</summary>
    private const long FullShare = 20;

    private const string NothingToDo = "Nothing to do.";

    private const string ClosedHere = "closed here";

    private const long LargestBuffer = SizeClass.SmallestBytes << SizeClass.LargestSmcdCode;

    public static Diagnosis Of(SmcStatistics counters, PathSnapshot path)
    {
        DiagnosisKind kind = KindOf(counters, path);
        return new Diagnosis(kind, ReadingOf(path.Reading), WritingOf(path.Writing), WaitsForOf(path), BuffersOf(counters, path, IsFull(path)), RemedyOf(kind, path));
    }

    /// <summary>What is the matter, without the sentences: a report of all connections asks this of each.</summary>
    public static DiagnosisKind KindOf(SmcStatistics counters, PathSnapshot path)
    {
        if (counters.MissedBells > 0) return DiagnosisKind.MissedBells;
        if (ConnectionReport.Stalls(path)) return DiagnosisKind.PeerDoesNotRead;   // whatever the size of its buffer
        if (IsOftenFull(counters)) return IsLargest(path.Writing.RingBytes) ? DiagnosisKind.PeerTooSlow : DiagnosisKind.PeerBufferTooSmall;
        if (PeerWaits(path)) return DiagnosisKind.ReaderTooSlow;
        if (IsFull(path)) return DiagnosisKind.PeerDoesNotRead;
        return path.Reading.Activity == DirectionActivity.Outside ? DiagnosisKind.NotReading : DiagnosisKind.Healthy;
    }

    /// <summary>The one thing that it waits for, likewise.</summary>
    public static Awaited WaitsForOf(PathSnapshot path)
    {
        (DirectionSnapshot reading, DirectionSnapshot writing) = (path.Reading, path.Writing);
        bool isFull = IsFull(path);
        if (ConnectionReport.Stalls(path)) return Awaited.StalledFor(writing.Held);
        if (writing.Activity == DirectionActivity.Asleep || (writing.Activity == DirectionActivity.Awake && isFull)) return Awaited.Window;
        if (reading is { Activity: DirectionActivity.Asleep, Pending: > 0 }) return Awaited.Bell;
        if (reading is { Activity: DirectionActivity.Outside, Pending: > 0 }) return Awaited.Reading;
        if (reading is { Activity: not DirectionActivity.Outside, Pending: 0 }) return Awaited.Peer;
        if (reading.Activity == DirectionActivity.Awake || writing.Activity == DirectionActivity.Awake) return Awaited.Application;
        return isFull ? Awaited.UnknownAndFull : Awaited.Unknown;
    }

    /// <summary>Of a connection that is closed here: nobody reads or writes any more.</summary>
    public static Diagnosis OfClosing(PathSnapshot path) => new(
        DiagnosisKind.Healthy,
        ClosedHere,
        ClosedHere,
        new Awaited("peer", "it has not let go of its buffer yet"),
        $"the peer's {SizeOf(path.Writing.RingBytes)}; this end's {SizeOf(path.Reading.RingBytes)}",
        NothingToDo);

    /// <summary>False where nobody reads and all had been read at the last look: the peer may have written since, up to the whole ring.</summary>
    public static bool IsUnreadKnown(DirectionSnapshot reading) => reading.Activity != DirectionActivity.Outside || reading.Pending > 0;

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

    private static string RemedyOf(DiagnosisKind kind, PathSnapshot path) => kind switch
    {
        DiagnosisKind.MissedBells => "Update the peer: it publishes and does not ring, so that bytes are read seconds late.",
        DiagnosisKind.PeerBufferTooSmall => $"Raise smc.buffers.size in the peer to {ReportText.Size(Larger(path.Writing.RingBytes))}, or let it read faster.",
        DiagnosisKind.PeerTooSlow => "Let the peer read faster: its buffer is as large as one gets.",
        DiagnosisKind.ReaderTooSlow => IsLargest(path.Reading.RingBytes)
            ? "Read faster: the peer waits for room."
            : $"Read faster, or raise smc.buffers.size here to {ReportText.Size(Larger(path.Reading.RingBytes))}: the peer waits for room.",
        DiagnosisKind.PeerDoesNotRead => "Look why the peer does not read.",
        DiagnosisKind.NotReading when path.Reading.Pending > 0 => "Look why this end does not read.",
        DiagnosisKind.NotReading => "Look why this end does not read, if it should: what has come since its last read is not known.",
        _ => NothingToDo,
    };

    /// <summary>A buffer is large enough where the writer seldom finds it full. What its peer's writer finds only that end knows, but for whether it waits now.</summary>
    private static string BuffersOf(SmcStatistics counters, PathSnapshot path, bool isFull)
    {
        bool isWritten = counters.BytesWritten > 0 || counters.Writes > 0 || path.Writing.Pending > 0;
        string full = $"full at {ReportText.Count(counters.PeerBufferFull)} of {ReportText.Counted(WritesBegun(counters), "write")}";
        string peer = !isWritten ? "not written to yet"
            : IsOftenFull(counters) ? IsLargest(path.Writing.RingBytes) ? $"{full}, and the largest there is" : $"{full}: {ReportText.Size(Larger(path.Writing.RingBytes))} would be better"
            : isFull ? $"{full}, and full now"
            : $"{full}: large enough";
        string own = PeerWaits(path) ? "the peer waits for room"
            : path.Reading.Activity == DirectionActivity.Outside ? "whether the peer waits for room is not known until this end reads"
            : "the peer does not wait for room";
        return $"the peer's {SizeOf(path.Writing.RingBytes)}, {peer}; this end's {SizeOf(path.Reading.RingBytes)}, {own}";
    }

    /// <summary>A write is counted when it is whole, and as held up when it first is.</summary>
    internal static long WritesBegun(SmcStatistics counters) => Math.Max(counters.Writes, counters.PeerBufferFull);

    /// <summary>A peer says that it is blocked until it writes again: where all has been read, it has the room that it waited for.</summary>
    private static bool PeerWaits(PathSnapshot path) => path.PeerIsBlocked && path.Reading.Pending > 0;

    private static bool IsFull(PathSnapshot path) => path.Writing.Pending >= path.Writing.RingBytes;

    private static bool IsOftenFull(SmcStatistics counters) => counters.Writes > 0 && counters.PeerBufferFull * FullShare > counters.Writes;

    private static bool IsLargest(uint ringBytes) => ringBytes + SizeClass.SmallestBytes > LargestBuffer;

    private static int Larger(uint ringBytes) => SizeClass.ForSmcd(Math.Min(2L * (ringBytes + 1), LargestBuffer)).Bytes;

    /// <summary>With the CDC area, as the setting counts it.</summary>
    private static string SizeOf(uint ringBytes) => ReportText.Size(SizeClass.ForSmcd(ringBytes).Bytes);
}
