namespace Smc.Host.Top;

/// <summary>Two samples compared.</summary>
/// <param name="At">When the later one was taken, local time.</param>
/// <param name="Processes">As they are now, by process.</param>
/// <param name="Rows">Their connections, in no order.</param>
/// <param name="NewFallbacks">Fallbacks between the samples.</param>
/// <param name="NewViolations">Violations between them.</param>
/// <param name="IsFirst">There is no sample before: rates are those since the connections began.</param>
internal sealed record TopRates(
    DateTime At, IReadOnlyList<TopProcess> Processes, IReadOnlyList<TopRow> Rows, long NewFallbacks, long NewViolations, bool IsFirst)
{
    public static TopRates Between(IReadOnlyList<TopProcess>? before, IReadOnlyList<TopProcess> now, DateTime at)
    {
        Dictionary<string, TopProcess> earlier = before?.ToDictionary(process => process.Door) ?? [];
        var rows = new List<TopRow>();
        foreach (TopProcess process in now)
        {
            Dictionary<string, TopConnection> known = earlier.GetValueOrDefault(process.Door)?.Connections.ToDictionary(c => c.Id) ?? [];
            string name = process.NameAmong(now);
            rows.AddRange(process.Connections.Select(c => TopRow.Between(process.ProcessId, name, known.GetValueOrDefault(c.Id), c)));
        }

        return new TopRates(at, now, rows, New(process => process.Fallbacks), New(process => process.Violations), before is null);

        long New(Func<TopProcess, long> count) =>
            now.Sum(process => earlier.TryGetValue(process.Door, out TopProcess? old) ? Math.Max(0, count(process) - count(old)) : 0);
    }
}
