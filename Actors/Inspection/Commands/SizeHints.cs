using Smc.Actors.Inspection.Reports;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Cdc;

namespace Smc.Actors.Inspection.Commands;

/// <summary>Where the size of DMBs is wrong for what connections do with them, in sentences.</summary>
internal static class SizeHints
{
    /// <summary>DMBs that have come back, from which a size is judged.</summary>
    private const long LeastReturns = 16;

    /// <summary>All hints; none where the sizes are right, or nothing is known yet.</summary>
    public static IEnumerable<string> On(RuntimeSnapshot snapshot) => [.. TooSmall(snapshot), .. snapshot.Totals.Buffers.Classes.SelectMany(TooLarge)];

    /// <summary>Of the peers' DMBs, by what writers here have found.</summary>
    public static IEnumerable<string> TooSmall(RuntimeSnapshot snapshot)
    {
        int held = snapshot.Connections.Count(c => c is { Path: { } path, IsClosing: false } && Diagnosis.KindOf(c.Counters, path) == DiagnosisKind.PeerBufferTooSmall);
        if (held > 0) yield return $"{ReportText.Counted(held, "connection")} often found the peer's buffer full: smc connection -i ID says what size would do.";
    }

    /// <summary>Of this process's own, by what has ever been written to one. Of a connection that wrote more than its DMB holds all of that counts.</summary>
    private static IEnumerable<string> TooLarge(BufferClassReport one)
    {
        long returns = one.Rents - one.InUse;
        int enough = SizeClass.ForSmcd(one.LargestUse + SmcdCdcLayout.Length).Bytes;
        if (returns < LeastReturns || enough >= one.DmbBytes) yield break;
        yield return $"Of {ReportText.Count(returns)} DMBs of {ReportText.Size(one.DmbBytes)} that came back none had had more than {ReportText.Size(one.LargestUse)} written to it: "
            + $"smc.buffers.size = {ReportText.Size(enough)} would do.";
    }
}
