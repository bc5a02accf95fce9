namespace Petabridge.Cmd;

/// <summary>A command as it was typed.</summary>
public sealed class Command(string palette, string name, IReadOnlyList<Tuple<string, string>> arguments)
{
    public string Palette { get; } = palette;
    public string Name { get; } = name;

    /// <summary>The switches used, each with its value; an empty one where none followed.</summary>
    public IReadOnlyList<Tuple<string, string>> Arguments { get; } = arguments;
}

/// <summary>One answer; the last of a command is final.</summary>
public class CommandResponse(string msg, bool final = true)
{
    /// <summary>Ends an answer without another line.</summary>
    public static readonly CommandResponse Empty = new(string.Empty);

    public string Msg { get; } = msg;
    public bool Final { get; } = final;
    public virtual bool IsError => false;
}

/// <summary>Says what went wrong.</summary>
public sealed class ErroredCommandResponse(string msg, bool final = true) : CommandResponse(msg, final)
{
    public override bool IsError => true;
}
