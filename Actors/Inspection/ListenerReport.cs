using Smc.Transport;

namespace Smc.Actors.Inspection;

/// <summary>A listener, as its actor last said.</summary>
/// <param name="Id">Names it within the process: l1 and so on.</param>
/// <param name="Local">Where it listens.</param>
/// <param name="Mode">What it offers: TCP where it could not be published, and while the device is down.</param>
/// <param name="Reason">Why it is TCP; None otherwise.</param>
/// <param name="Age">Since it began.</param>
/// <param name="Accepted">Connections so far.</param>
/// <param name="Waiting">Connections that wait for AcceptAsync.</param>
/// <param name="MostWaiting">How many may.</param>
public sealed record ListenerReport(string Id, string Local, SmcMode Mode, SmcReason Reason, TimeSpan Age, long Accepted, int Waiting, int MostWaiting);
