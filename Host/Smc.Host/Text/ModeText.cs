using Smc.Transport;

namespace Smc.Host.Text;

/// <summary>Modes and reasons as users read them.</summary>
internal static class ModeText
{
    public static string Of(SmcMode mode) => mode switch
    {
        SmcMode.SmcD => "SMC-D",
        SmcMode.SmcR => "SMC-R",
        _ => "TCP",
    };

    /// <summary>Eight hex digits, as smcss shows them; a dash where there is no reason.</summary>
    public static string Code(SmcReason reason) => reason == 0 ? "-" : $"0x{(uint)reason:x8}";

    /// <summary>Code, short name and sentence of a reason, in one line.</summary>
    public static string Explain(SmcReason reason) => $"{Code(reason)} {SmcReasons.ShortName(reason)}: {SmcReasons.Sentence(reason)}";
}
