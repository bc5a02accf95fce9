using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Smc.Actors.Inspection.Commands;

/// <summary>Arguments that mean the same wherever they stand.</summary>
internal static class CommonArguments
{
    /// <summary>Only what is of one mode.</summary>
    public static SmcArgument Mode(string letter) => new("mode", letter, "Only those of this mode.", ArgumentKind.Choice) { Choices = ["smcd", "smcr", "tcp"] };

    /// <summary>Only what is of one kind of shared memory.</summary>
    public static readonly SmcArgument Kind = new("type", "-t", "Only those of this type.", ArgumentKind.Choice) { Choices = ["smcd", "smcr"] };

    /// <summary>More of each.</summary>
    public static readonly SmcArgument Details = new("details", "-d", "All there is to say of each.", ArgumentKind.Flag);

    /// <summary>Only what has happened lately.</summary>
    public static readonly SmcArgument Since = new("since", "-s", "Only what has happened in this time.", ArgumentKind.Duration);

    /// <summary>A link group.</summary>
    public static readonly SmcArgument Group = new("id", "-g", "The link group, as smc linkgroups lists it.", ArgumentKind.Formed)
    {
        Form = "1 to 8 hex digits",
        IsOfForm = static word => TryGroup(word, out _),
    };

    /// <summary>A device of the network.</summary>
    public static readonly SmcArgument NetDevice = new("netdev", "-n", "Only those of this network device.");

    /// <summary>An RDMA device.</summary>
    public static readonly SmcArgument Device = new("device", "-i", "Only those of this RDMA device.");

    /// <summary>What a command says whose subject is SMC-R's.</summary>
    /// <param name="subject">In the plural.</param>
    public static string ComesWithSmcR(string subject) => $"{subject} come with SMC-R, which this version does not have.";

    /// <summary>True for a mode that <paramref name="argument"/> does not exclude.</summary>
    public static bool IsOf(SmcArguments arguments, SmcArgument argument, SmcMode mode) =>
        arguments.Text(argument) is not { } only || string.Equals(ReportText.ModeCode(mode), only, StringComparison.OrdinalIgnoreCase);

    /// <summary>The id of a link group.</summary>
    public static bool TryGroup(string word, out uint group) =>
        uint.TryParse(word, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out group);
}
