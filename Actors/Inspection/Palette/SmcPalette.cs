using System.Diagnostics.CodeAnalysis;
using Smc.Actors.Inspection.Commands;

namespace Smc.Actors.Inspection.Palette;

/// <summary>All commands, as data: pbm and <c>smc inspect</c> have them from here.</summary>
public static class SmcPalette
{
    /// <summary>The palette's name, the first word in pbm.</summary>
    public const string Name = "smc";

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<InspectionCommand> Commands { get; } =
    [
        new InfoCommand(), new DevicesCommand(), new LinkGroupsCommand(), new LinksCommand(), new CompletionQueuesCommand(),
        new ConnectionsCommand(), new ConnectionCommand(), new StatsCommand(), new StatsResetCommand(), new FallbacksCommand(), new BuffersCommand(),
        new ViolationsCommand(), new CheckCommand(), new UeidShowCommand(), new UeidAddCommand(), new UeidDeleteCommand(), new UeidFlushCommand(),
        new PnetShowCommand(),
        new PnetMutationCommand("pnet-add", "Gives a device a PNETID.", Pnet.Id with { IsMandatory = true }, Pnet.Interface, Pnet.Device),
        new PnetMutationCommand("pnet-del", "Takes a PNETID away.", Pnet.Id with { IsMandatory = true }),
        new PnetMutationCommand("pnet-flush", "Takes all PNETIDs away."),
        new LinkGroupDrainCommand(), new ConnectionAbortCommand(), new TopCommand(), new TailCommand(),
    ];

    /// <summary>Reads a command and its arguments.</summary>
    /// <param name="words">The command's name first; the palette's name is not among them.</param>
    /// <param name="request">What was asked; null on an error.</param>
    /// <param name="error">Names what is wrong, and what is allowed.</param>
    public static bool TryParse(ReadOnlySpan<string> words, [NotNullWhen(true)] out SmcRequest? request, out string error)
    {
        request = null;
        string name = words.IsEmpty ? string.Empty : words[0];
        if (Commands.FirstOrDefault(c => c.Name == name) is not { } command)
        {
            error = $"'{name}' is no command; there are {string.Join(", ", Commands.Select(c => c.Name))}.";
            return false;
        }

        if (SmcArguments.TryParse(command, words[1..], out SmcArguments arguments, out error)) request = new SmcRequest(command, arguments);
        return request is not null;
    }
}
