using System.CommandLine;
using Akka.Configuration;
using Smc.Actors.Settings;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

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
    /// <exception cref="CommandFailure">The file is no HOCON, has a value that is none, or nobody would read it.</exception>
    public static Config? Read(ParseResult parsed, Option<string> option, Over over)
    {
        if (parsed.GetValue(option) is not { } path) return null;
        if (over != Over.Smc) throw CommandFailure.Usage($"--config is for --over {Over.Smc.Name()}.");
        if (Directory.Exists(path)) throw CommandFailure.Failed($"{path} is a folder.");
        string text = File.ReadAllText(path);
        try
        {
            Config config = SmcSettings.Parse(text);
            SmcSettings.From(config);   // here the file is known that is to blame
            return config;
        }
        catch (ConfigurationException e)
        {
            throw CommandFailure.Usage($"{path}: {e.Message}");
        }
    }
}
