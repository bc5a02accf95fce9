namespace Smc.Host.Top;

/// <summary>One connection in one sample.</summary>
/// <param name="Id">Names it within its process.</param>
/// <param name="Mode">As smcss prints it.</param>
/// <param name="Peer">The other end's address.</param>
/// <param name="Age">Since it is open.</param>
/// <param name="Sent">Bytes written by the application.</param>
/// <param name="Received">Bytes read by it.</param>
/// <param name="Writes">Its writes.</param>
/// <param name="Bells">Doorbells rung.</param>
/// <param name="WaitsFor">window, bell, peer, application; empty where that is not known.</param>
internal sealed record TopConnection(string Id, string Mode, string Peer, TimeSpan Age, long Sent, long Received, long Writes, long Bells, string WaitsFor);
