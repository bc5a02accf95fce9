namespace Smc.Actors.Inspection;

/// <summary>Who looks in, as far as the window knows.</summary>
/// <param name="Key">Whose baseline of counters it is: one a user, as the SMC tools have it, where the window knows users; else one a session.</param>
/// <param name="Name">For the log.</param>
public sealed record InspectionViewer(string Key, string Name)
{
    /// <summary>The process's own program.</summary>
    public static InspectionViewer Program { get; } = new("program", "this process's own program");

    /// <summary>Another process of this host.</summary>
    public static InspectionViewer Process(int processId, uint userId) => new($"uid {userId}", $"process {processId} of uid {userId}");

    /// <summary>A session of a window that knows nothing of processes.</summary>
    /// <param name="window">Which window.</param>
    /// <param name="session">Which session.</param>
    public static InspectionViewer Session(string window, string session) => new($"{window} {session}", $"a session of {window}, {session}");
}
