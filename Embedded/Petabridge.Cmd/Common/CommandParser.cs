namespace Petabridge.Cmd;

/// <summary>Reads the words behind a palette's name as one of its commands.</summary>
public sealed class CommandParser(CommandPalette palette)
{
    /// <summary>Reads a command; one word after a switch that is no switch of the command is its value.</summary>
    /// <param name="words">The command's name, then switches and values.</param>
    /// <param name="command">What was typed; null on an error.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public string Parse(IReadOnlyList<string> words, out Command? command)
    {
        command = null;
        CommandDefinition? definition = words.Count == 0 ? null : palette.Commands.FirstOrDefault(c => c.Name == words[0]);
        if (definition is null) return $"{palette.ModuleName} has no command '{(words.Count == 0 ? string.Empty : words[0])}'";
        var arguments = new List<Tuple<string, string>>();
        for (int i = 1; i < words.Count; i++)
        {
            if (!IsSwitch(definition, words[i])) return $"{definition.Name} has no argument '{words[i]}'";
            bool hasValue = i + 1 < words.Count && !IsSwitch(definition, words[i + 1]);
            arguments.Add(Tuple.Create(words[i], hasValue ? words[++i] : string.Empty));
        }

        foreach (CommandArgument argument in definition.ArgumentsByName.Values)
        {
            if (arguments.Any(given => argument.Switch.Contains(given.Item1))) continue;
            if (argument.IsMandatory) return $"{definition.Name} needs {argument.Switch.First()}";
            arguments.AddRange(argument.DefaultValues.Select(value => Tuple.Create(argument.Switch.First(), value)));
        }

        command = new Command(palette.ModuleName, definition.Name, arguments);
        return string.Empty;
    }

    private static bool IsSwitch(CommandDefinition definition, string word) =>
        definition.ArgumentsByName.Values.Any(argument => argument.Switch.Contains(word));
}
