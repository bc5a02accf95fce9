using Smc.Actors.Inspection.Reports;
using Smc.Host.Inspect;

namespace Smc.Host.Top;

/// <summary>One process in one sample.</summary>
/// <param name="ProcessId">Of the operating system, as the process itself knows it.</param>
/// <param name="Version">Of Smc.Actors.</param>
/// <param name="Down">Why it has no shared memory; empty where it has.</param>
/// <param name="Fallbacks">Since its start.</param>
/// <param name="Violations">Since its start.</param>
/// <param name="Connections">The open ones.</param>
internal sealed record TopProcess(int ProcessId, string Version, string Down, long Fallbacks, long Violations, IReadOnlyList<TopConnection> Connections)
{
    /// <summary>The name of its door, which tells it apart from others: two may have one number, each in a PID namespace of its own, or be two runtimes of
    /// one process.</summary>
    public required string Door { get; init; }

    /// <summary>The number; behind it the beginning of the door's name, where others have the number too.</summary>
    public string NameAmong(IReadOnlyList<TopProcess> all)
    {
        string number = ReportText.Count(ProcessId);
        return all.Count(other => other.ProcessId == ProcessId) == 1 ? number : $"{number}/{DoorName.Brief(Door)}";
    }
}
