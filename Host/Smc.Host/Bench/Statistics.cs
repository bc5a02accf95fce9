namespace Smc.Host.Bench;

/// <summary>Medians of a handful of runs.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median, or null where the runs have no such figure.</summary>
    public static double? Median(IEnumerable<double?> values)
    {
        double?[] all = [.. values];
        return all.Contains(null) ? null : Median(all.Select(v => v!.Value));
    }
}
