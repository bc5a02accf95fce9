using System.CommandLine;
using Akka.Configuration;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Settings;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;

namespace Smc.Host.Commands;

/// <summary><c>smc inspect</c>: looks into another process of this user.</summary>
internal static class InspectCommand
{
    private const string Name = "inspect";

    public static Command Create()
    {
        var words = new Argument<string[]>("COMMAND") { Description = InspectArguments.Syntax, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Name, $"Look into a process that runs Smc.Actors: {string.Join(", ", SmcPalette.Commands.Select(c => c.Name))}.")
        {
            words,
        };
        command.TreatUnmatchedTokensAsErrors = false;   // switches are the palette's
        command.SetAction(async (parsed, ct) => (int)await RunAsync(InspectArguments.Parse(RawWords.Behind(parsed, Name)), ct));
        return command;
    }

    private static async Task<ExitCode> RunAsync(InspectArguments arguments, CancellationToken ct)
    {
        string folder = arguments.Folder ?? SmcSettings.From(Config.Empty).Rendezvous.Folder;
        if (arguments.Words.Length == 0) return await ListAsync(folder, ct);
        using InspectClient client = await InspectClient.EnterAsync(folder, arguments.Process, ct);
        bool isAnswered = await client.AskAsync(Terminal.Width, arguments.Words, Console.Write, ct);
        return isAnswered ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<ExitCode> ListAsync(string folder, CancellationToken ct)
    {
        IReadOnlyList<InspectClient> all = InspectClient.All(folder);
        string[] gids = await Task.WhenAll(all.Select(client => client.FindGidAsync(ct)));
        var table = new TextTable([">PID", "Door", "GID"]);
        for (int i = 0; i < all.Count; i++)
        {
            table.Add([$"{all[i].ProcessId}", DoorName.Brief(all[i].Door), gids[i].Length == 0 ? ReportText.Nothing : gids[i]]);
            all[i].Dispose();
        }

        Console.Write(table.ToString(Terminal.Width));
        Console.WriteLine($"Count: {(all.Count == 1 ? "1 process" : $"{ReportText.Count(all.Count)} processes")} in {folder}");
        return ExitCode.Ok;
    }
}
