namespace Smc.Host.Top;

/// <summary>What a connection has done a second between two samples.</summary>
/// <param name="ProcessId">Whose it is.</param>
/// <param name="Process">The same as it is shown.</param>
/// <param name="Connection">As it is now.</param>
/// <param name="Sent">Bytes a second.</param>
/// <param name="Received">Bytes a second.</param>
/// <param name="Writes">A second.</param>
/// <param name="Bells">A second.</param>
internal sealed record TopRow(int ProcessId, string Process, TopConnection Connection, double Sent, double Received, double Writes, double Bells)
{
    /// <summary>By the connection's own age, which its process tells: whatever a sample took on its way changes no rate. One that was not in the sample
    /// before is taken from its beginning.</summary>
    public static TopRow Between(int processId, string process, TopConnection? before, TopConnection now)
    {
        before ??= now with { Age = TimeSpan.Zero, Sent = 0, Received = 0, Writes = 0, Bells = 0 };
        double seconds = (now.Age - before.Age).TotalSeconds;
        return new TopRow(
            processId,
            process,
            now,
            Rate(before.Sent, now.Sent, seconds),
            Rate(before.Received, now.Received, seconds),
            Rate(before.Writes, now.Writes, seconds),
            Rate(before.Bells, now.Bells, seconds));
    }

    private static double Rate(long before, long now, double seconds) => seconds > 0 ? Math.Max(0, now - before) / seconds : 0;
}
