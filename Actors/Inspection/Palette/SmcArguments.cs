using System.Globalization;

namespace Smc.Actors.Inspection.Palette;

/// <summary>The arguments of one request, checked against their kinds.</summary>
public sealed class SmcArguments : IEquatable<SmcArguments>
{
    private readonly Dictionary<string, string> _values;

    private SmcArguments(Dictionary<string, string> values) => _values = values;

    /// <summary>Of a command that was given none.</summary>
    public static SmcArguments None { get; } = new([]);

    /// <summary>True where the switch was given.</summary>
    public bool Has(SmcArgument argument) => _values.ContainsKey(argument.Switch);

    /// <summary>The word behind the switch, its default, or null.</summary>
    public string? Text(SmcArgument argument) => _values.GetValueOrDefault(argument.Switch, argument.Default!);

    /// <summary>The number behind the switch, its default, or null.</summary>
    public int? Count(SmcArgument argument) => Text(argument) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The duration behind the switch, its default, or null.</summary>
    public TimeSpan? Duration(SmcArgument argument) => Text(argument) is { } text && TryDuration(text, out TimeSpan value) ? value : null;

    /// <summary>True for the same switches with the same words, in whatever order they were given.</summary>
    public bool Equals(SmcArguments? other) => other is not null && _values.Count == other._values.Count
        && _values.All(value => other._values.TryGetValue(value.Key, out string? word) && word == value.Value);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SmcArguments);

    /// <inheritdoc />
    public override int GetHashCode() => _values.Aggregate(0, (hash, value) => hash ^ HashCode.Combine(value.Key, value.Value));

    /// <summary>The switches and their words, in a line.</summary>
    public override string ToString() => string.Join(' ', _values.Select(value => value.Value.Length == 0 ? value.Key : $"{value.Key} {value.Value}"));

    /// <summary>Reads <paramref name="words"/> as the arguments of <paramref name="command"/>.</summary>
    /// <param name="command">Whose arguments they are.</param>
    /// <param name="words">Switches, each followed by its word where it takes one.</param>
    /// <param name="arguments">What was given.</param>
    /// <param name="error">Names what is wrong, and what is allowed.</param>
    public static bool TryParse(InspectionCommand command, ReadOnlySpan<string> words, out SmcArguments arguments, out string error)
    {
        var values = new Dictionary<string, string>();
        arguments = new SmcArguments(values);
        error = string.Empty;
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            SmcArgument? argument = command.Arguments.FirstOrDefault(a => a.Switch == word);
            if (argument is null)
                error = $"{command.Name} has no argument '{word}'; it takes {command.Usage}.";
            else if (argument.Kind == ArgumentKind.Flag)
                values[argument.Switch] = string.Empty;
            else if (++i == words.Length)
                error = $"{argument.Switch} needs {argument.Allowed}.";
            else if (!IsAllowed(argument, words[i]))
                error = $"{argument.Switch} must be {argument.Allowed}, was '{words[i]}'.";
            else
                values[argument.Switch] = argument.Kind == ArgumentKind.Choice ? Chosen(argument, words[i])! : words[i];
            if (error.Length > 0) return false;
        }

        if (command.Arguments.FirstOrDefault(a => a.IsMandatory && !values.ContainsKey(a.Switch)) is { } missing)
            error = $"{command.Name} needs {missing.Switch}: {missing.Description}";
        return error.Length == 0;
    }

    private static bool IsAllowed(SmcArgument argument, string word) => argument.Kind switch
    {
        ArgumentKind.Count => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0,
        ArgumentKind.Duration => TryDuration(word, out TimeSpan span) && (argument.Longest is not { } longest || span <= longest),
        ArgumentKind.Formed => argument.IsOfForm(word),
        ArgumentKind.Choice => Chosen(argument, word) is not null,
        _ => word.Length > 0,
    };

    /// <summary>The word as the command writes it; null where it is none of them.</summary>
    private static string? Chosen(SmcArgument argument, string word) => argument.Choices.FirstOrDefault(choice => string.Equals(choice, word, StringComparison.OrdinalIgnoreCase));

    private static bool TryDuration(string word, out TimeSpan value)
    {
        string unit = word.TrimStart("0123456789".ToCharArray());
        TimeSpan? of = unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
        bool isNumber = int.TryParse(word.AsSpan(0, word.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        value = of is { } one && isNumber ? one * number : TimeSpan.Zero;
        return value > TimeSpan.Zero;
    }
}
