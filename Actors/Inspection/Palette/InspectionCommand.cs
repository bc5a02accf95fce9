namespace Smc.Actors.Inspection.Palette;

/// <summary>A command of the palette: its name and arguments as data, the same in every window.</summary>
public abstract class InspectionCommand
{
    /// <param name="name">One word, with hyphens.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="arguments">Its own; <c>-j</c>, <c>-w</c> and <c>-C</c> are every command's.</param>
    protected InspectionCommand(string name, string description, params IReadOnlyList<SmcArgument> arguments)
    {
        Name = name;
        Description = description;
        Arguments = [.. arguments, SmcArgument.Json, SmcArgument.Wide, SmcArgument.Columns];
    }

    /// <summary>One word, with hyphens.</summary>
    public string Name { get; }

    /// <summary>One sentence.</summary>
    public string Description { get; }

    /// <summary>In the order of the help.</summary>
    public IReadOnlyList<SmcArgument> Arguments { get; }

    /// <summary>True where its answers go on until the window has seen enough, and the window says of each that it has taken it.</summary>
    public virtual bool IsLive => false;

    /// <summary>True where it changes something, and so is refused unless <c>smc.inspection.allow-mutations</c> is on.</summary>
    public virtual bool IsMutation => false;

    /// <summary>How long the answer takes by itself: what a window waits more than for others.</summary>
    public virtual TimeSpan Takes(SmcArguments arguments) => TimeSpan.Zero;

    /// <summary>The arguments in a line.</summary>
    public string Usage => string.Join(' ', Arguments.Select(Of));

    private static string Of(SmcArgument argument)
    {
        string text = argument.Kind switch
        {
            ArgumentKind.Flag => argument.Switch,
            ArgumentKind.Choice => $"{argument.Switch} {string.Join('|', argument.Choices)}",
            _ => $"{argument.Switch} {argument.Name}",
        };
        return argument.IsMandatory ? text : $"[{text}]";
    }
}
