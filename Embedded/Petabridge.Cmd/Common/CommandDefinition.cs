namespace Petabridge.Cmd;

/// <summary>An argument of a command: a switch under one or more names, with a value or without.</summary>
public sealed class CommandArgument
{
    internal CommandArgument(string name, string description, IReadOnlyCollection<string> switches, bool isMandatory, IReadOnlyList<string> defaultValues, bool allowsMultiple)
    {
        Name = name;
        Description = description;
        Switch = switches;
        IsMandatory = isMandatory;
        DefaultValues = defaultValues;
        AllowMultiple = allowsMultiple;
    }

    public string Name { get; }
    public string Description { get; }
    public IReadOnlyCollection<string> Switch { get; }
    public bool IsMandatory { get; }
    public IReadOnlyList<string> DefaultValues { get; }
    public bool AllowMultiple { get; }
}

/// <summary>A command as data.</summary>
public sealed class CommandDefinition
{
    internal CommandDefinition(string name, string description, IReadOnlyList<CommandArgument> arguments)
    {
        Name = name;
        Description = description;
        ArgumentsByName = arguments.ToDictionary(argument => argument.Name);
    }

    public string Name { get; }
    public string Description { get; }
    public IReadOnlyDictionary<string, CommandArgument> ArgumentsByName { get; }
}

/// <summary>The commands of one module.</summary>
public sealed class CommandPalette(string moduleName, IEnumerable<CommandDefinition> commands)
{
    public string ModuleName { get; } = moduleName;
    public IReadOnlyList<CommandDefinition> Commands { get; } = [.. commands];
}
