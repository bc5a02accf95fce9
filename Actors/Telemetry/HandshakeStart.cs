using System.Diagnostics;

namespace Smc.Actors.Telemetry;

/// <summary>The beginning of a handshake.</summary>
/// <param name="At">UTC.</param>
/// <param name="Timestamp">The same by a clock that is never set.</param>
/// <param name="Caller">The activity that whoever asked for it is in; default for none.</param>
public readonly record struct HandshakeStart(DateTime At, long Timestamp, ActivityContext Caller)
{
    /// <summary>Since then.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Timestamp);

    /// <summary>Now, asked for by this thread.</summary>
    public static HandshakeStart Asked() => new(DateTime.UtcNow, Stopwatch.GetTimestamp(), Activity.Current?.Context ?? default);

    /// <summary>Now, asked for by nobody.</summary>
    public static HandshakeStart Now() => new(DateTime.UtcNow, Stopwatch.GetTimestamp(), default);
}
