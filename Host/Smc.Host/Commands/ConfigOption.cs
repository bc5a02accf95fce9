using System.CommandLine;

namespace Smc.Host.Commands;

/// <summary>The <c>--config</c> option of the commands that connect or listen.</summary>
internal static class ConfigOption
{
    public static Option<string> Create() => new("--config")
    {
        Description = "Settings of the runtime in HOCON, such as smc.negotiation = always; smc.reference.conf lists the keys.",
        HelpName = "FILE",
    };

    /// <summary>What the file says, or null without one.</summary>
    public static string? Read(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } path ? File.ReadAllText(path) : null;
}
