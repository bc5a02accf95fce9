using System.CommandLine;
using System.Net;
using Smc.Host.CommandLine;
using Smc.Host.Pbm;

namespace Smc.Host.Commands;

/// <summary><c>smc pbm</c>: the client of the embedded command host, one command or a prompt.</summary>
internal static class PbmCommand
{
    private const string Name = "pbm";

    public static Command Create()
    {
        var at = new Argument<string>("HOST:PORT") { Description = "Where the host listens." };
        var words = new Argument<string[]>("COMMAND") { Description = "palette command -switch value …; without it, a prompt.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Name, "Send commands to a process that hosts palettes, as pbm does.") { at, words };
        command.TreatUnmatchedTokensAsErrors = false;   // switches are the palette's
        command.SetAction(async (parsed, ct) =>
        {
            EndPoint endPoint = EndPointText.Parse(parsed.GetValue(at)!).ToConnect();
            string line = string.Join(' ', RawWords.Behind(parsed, Name).Skip(1));
            PbmClient client = await PbmClient.ConnectAsync(endPoint, ct);
            using var prompt = new PbmPrompt(endPoint, client);
            if (line.Length > 0) return (int)(await client.ExecuteAsync(line, Console.WriteLine, ct) ? ExitCode.Ok : ExitCode.Failed);
            await prompt.RunAsync(ct);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
