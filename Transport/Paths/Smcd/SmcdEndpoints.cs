using Smc.Transport.Memory;

namespace Smc.Transport.Paths.Smcd;

/// <summary>What a connection is made of.</summary>
/// <param name="Side">Which end of the group this is.</param>
/// <param name="Slot">The connection's slot in the control region, 0 to 254.</param>
/// <param name="Own">This end's DMB: the peer writes into it.</param>
/// <param name="Peer">The peer's DMB, attached.</param>
public readonly record struct SmcdEndpoints(GroupSide Side, int Slot, DmbRange Own, DmbRange Peer);

/// <summary>How a connection waits.</summary>
/// <param name="LongestSpinMicroseconds">The most that one wait spins before it sleeps; 0 for never.</param>
/// <param name="InlineCompletions">Run continuations of asynchronous operations on the wake thread. A continuation that blocks there
/// holds up every connection of that thread.</param>
public readonly record struct WaitSettings(int LongestSpinMicroseconds, bool InlineCompletions);
