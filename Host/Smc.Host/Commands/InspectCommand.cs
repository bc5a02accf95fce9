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
        if (arguments.Words.Length == 0) return List(folder);
        using InspectClient client = InspectClient.Enter(folder, arguments.ProcessId);
        bool isAnswered = await client.AskAsync(Terminal.Width, arguments.Words, Console.Write, ct);
        return isAnswered ? ExitCode.Ok : ExitCode.Failed;
    }

    private static ExitCode List(string folder)
    {
        IReadOnlyList<InspectClient> all = InspectClient.All(folder);
        foreach (InspectClient client in all)
        {
            Console.WriteLine(client.ProcessId);
            client.Dispose();
        }

        Console.WriteLine($"Count: {(all.Count == 1 ? "1 process" : $"{ReportText.Count(all.Count)} processes")} in {folder}");
        return ExitCode.Ok;
    }
}
