using Smc.Actors.Inspection.Reports;

namespace Smc.Actors.Inspection.Palette;

/// <summary>What may stand behind a switch.</summary>
public enum ArgumentKind
{
    /// <summary>Nothing: the switch alone says it.</summary>
    Flag,

    /// <summary>Any word.</summary>
    Text,

    /// <summary>A whole number above 0.</summary>
    Count,

    /// <summary>A duration above 0: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>.</summary>
    Duration,

    /// <summary>One of a few words, in capitals or not.</summary>
    Choice,

    /// <summary>A word of a form of its own: see <see cref="SmcArgument.Form"/>.</summary>
    Formed,
}

/// <summary>One argument of a command, as data.</summary>
/// <param name="Name">As the help prints it.</param>
/// <param name="Switch">A dash and a letter.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Kind">What may stand behind the switch.</param>
public sealed record SmcArgument(string Name, string Switch, string Description, ArgumentKind Kind = ArgumentKind.Text)
{
    /// <summary>True where the command means nothing without it.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>What counts where the switch is missing; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The words of a <see cref="ArgumentKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What a <see cref="ArgumentKind.Formed"/> word looks like, in words.</summary>
    public string Form { get; init; } = string.Empty;

    /// <summary>True for a <see cref="ArgumentKind.Formed"/> word that does.</summary>
    public Predicate<string> IsOfForm { get; init; } = static _ => true;

    /// <summary>The longest that a <see cref="ArgumentKind.Duration"/> may be; null for any.</summary>
    public TimeSpan? Longest { get; init; }

    /// <summary>One JSON document instead of text: of every command.</summary>
    public static SmcArgument Json { get; } = new("json", "-j", "One JSON document instead of text.", ArgumentKind.Flag);

    /// <summary>All columns, and lines as long as they get: of every command.</summary>
    public static SmcArgument Wide { get; } = new("wide", "-w", "All columns, and no limit of the width.", ArgumentKind.Flag);

    /// <summary>The longest line, in characters, where the window does not say how wide it is: of every command.</summary>
    public static SmcArgument Columns { get; } = new("columns", "-C", "The width of your terminal, where it is not known: 120 without it.", ArgumentKind.Count);

    /// <summary>What may stand behind the switch, in words.</summary>
    public string Allowed => Kind switch
    {
        ArgumentKind.Count => "a whole number above 0",
        ArgumentKind.Duration when Longest is { } longest => $"a duration such as 500ms or 10s, at most {ReportText.Age(longest)}",
        ArgumentKind.Duration => "a duration such as 500ms, 10s, 5m or 1h",
        ArgumentKind.Formed => Form,
        ArgumentKind.Choice => string.Join(" or ", Choices),
        _ => "a word",
    };
}
