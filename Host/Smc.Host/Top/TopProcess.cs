namespace Smc.Host.Top;

/// <summary>One process in one sample.</summary>
/// <param name="ProcessId">Of the operating system, as the process itself knows it.</param>
/// <param name="Version">Of Smc.Actors.</param>
/// <param name="Down">Why it has no shared memory; empty where it has.</param>
/// <param name="Fallbacks">Since its start.</param>
/// <param name="Violations">Since its start.</param>
/// <param name="Connections">The open ones.</param>
internal sealed record TopProcess(int ProcessId, string Version, string Down, long Fallbacks, long Violations, IReadOnlyList<TopConnection> Connections);
