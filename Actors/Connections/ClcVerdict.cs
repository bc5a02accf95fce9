using Smc.Transport;
using Smc.Transport.Wire;

namespace Smc.Actors.Connections;

/// <summary>What an end makes of the other's message. With a breach and nothing to decline with it aborts.</summary>
/// <param name="Decline">Why it declines; None where it does not.</param>
/// <param name="Breach">The rule that the other broke; None where it did not.</param>
internal readonly record struct ClcVerdict(SmcReason Decline, WireError Breach)
{
    /// <summary>The handshake goes on.</summary>
    public bool IsGood => Decline == SmcReason.None && Breach == WireError.None;
}
