namespace Smc.Transport;

/// <summary>Words for reason codes: what operators read in logs, listings and statistics. Defined for every value, known or not.</summary>
public static class SmcReasons
{
    private const uint FirstOwnCode = 0x0A00_0000;

    /// <summary>The name that the SMC tools print for the code, or one of the same style where they have none; <c>[unknown]</c> for an unknown code.</summary>
    public static string ShortName(SmcReason reason) => SmcReasonTable.Find(reason).ShortName;

    /// <summary>What happened, in one line of at most 120 characters.</summary>
    public static string Sentence(SmcReason reason) => SmcReasonTable.Find(reason).Sentence;

    /// <summary>What to do about it, in one line of at most 120 characters.</summary>
    public static string Remedy(SmcReason reason) => SmcReasonTable.Find(reason).Remedy;

    /// <summary>A reason that a peer has named: <see cref="SmcReason.PeerDeclined"/> where it names none that is known, so that a fallback always has
    /// a reason and a peer cannot invent new ones without end.</summary>
    public static SmcReason FromPeer(SmcReason reason) =>
        reason != SmcReason.None && SmcReasonTable.IsKnown(reason) ? reason : SmcReason.PeerDeclined;

    /// <summary>True for the range in which this implementation adds codes to those of the protocol.</summary>
    public static bool IsOwn(SmcReason reason) => (uint)reason >= FirstOwnCode;
}
