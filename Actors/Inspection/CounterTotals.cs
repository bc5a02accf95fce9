using Smc.Transport;

namespace Smc.Actors.Inspection;

/// <summary>What a runtime has counted since it began, connections that are closed included.</summary>
/// <param name="Taken">When, UTC by the clock at the start of the runtime, however that is set later: rates are told by it.</param>
/// <param name="Modes">By mode; one that never was is missing.</param>
/// <param name="Fallbacks">Fallbacks by reason.</param>
/// <param name="Buffers">DMBs.</param>
public sealed record CounterTotals(
    DateTime Taken, IReadOnlyDictionary<SmcMode, ModeTotals> Modes, IReadOnlyDictionary<SmcReason, long> Fallbacks, BufferReport Buffers);

/// <summary>The connections of one mode.</summary>
/// <param name="Handled">Those that there have been.</param>
/// <param name="Open">Those that are open.</param>
/// <param name="Counters">The sum of their counters.</param>
public readonly record struct ModeTotals(long Handled, int Open, SmcStatistics Counters)
{
    /// <summary>With one more of these.</summary>
    internal ModeTotals Plus(SmcStatistics counters, int open) => new(Handled + 1, Open + open, Counters.Plus(counters));

    /// <summary>What has come since: those that are open are those of now.</summary>
    internal ModeTotals Since(ModeTotals before) => new(Handled - before.Handled, Open, Counters.Minus(before.Counters));
}
