namespace Petabridge.Cmd;

/// <summary>Builds a command definition.</summary>
public sealed class CommandDefinitionBuilder
{
    private readonly List<CommandArgument> _arguments = [];
    private string _name = string.Empty;
    private string _description = string.Empty;

    public CommandDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    public CommandDefinitionBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    public CommandDefinitionBuilder WithArgument(Func<CommandArgumentBuilder, CommandArgumentBuilder> build)
    {
        _arguments.Add(build(new CommandArgumentBuilder()).Build());
        return this;
    }

    public CommandDefinition Build() => new(_name, _description, _arguments);
}

/// <summary>Builds one argument of it.</summary>
public sealed class CommandArgumentBuilder
{
    private readonly List<string> _switches = [];
    private string _name = string.Empty;
    private string _description = string.Empty;
    private string[] _defaults = [];
    private bool _isMandatory;
    private bool _allowsMultiple;

    public CommandArgumentBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    public CommandArgumentBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    public CommandArgumentBuilder IsMandatory(bool mandatory)
    {
        _isMandatory = mandatory;
        return this;
    }

    public CommandArgumentBuilder WithSwitch(string name)
    {
        _switches.Add(name);
        return this;
    }

    public CommandArgumentBuilder WithDefaultValue(string value) => WithDefaultValues(value);

    public CommandArgumentBuilder WithDefaultValues(params string[] values)
    {
        _defaults = values;
        return this;
    }

    public CommandArgumentBuilder AllowMultiple(bool allow)
    {
        _allowsMultiple = allow;
        return this;
    }

    internal CommandArgument Build() => new(_name, _description, _switches, _isMandatory, _defaults, _allowsMultiple);
}
