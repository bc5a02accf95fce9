using System.CommandLine;
using Serilog;
using Smc.Host.Commands;

namespace Smc.Host.CommandLine;

/// <summary>The commands, and the one place where a failure becomes a line and an exit code.</summary>
internal static class SmcProgram
{
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    public static RootCommand Build()
    {
        var root = new RootCommand("Shared Memory Communications in user space: move a byte stream over memory that both processes see.")
        {
            ServeCommand.Create(), SendCommand.Create(), CheckCommand.Create(), InspectCommand.Create(), TopCommand.Create(), PbmCommand.Create(), DecodeCommand.Create(), DemoCommand.Create(), BenchCommand.Create(),
            PeerCommands.CreateBenchPeer(), PeerCommands.CreateDemoPeer(),
        };
        root.Options.Add(Verbosity.Option);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0) return Fail(ExitCode.Usage, Complaint(parsed));
        Verbosity.Apply(parsed.GetValue(Verbosity.Option));
        using var termination = new Termination();
        try
        {
            return await parsed.InvokeAsync(Invocation, termination.Token);
        }
        catch (Exception failure)
        {
            Log.Debug(failure, "The command failed.");
            (ExitCode code, string line) = FailureText.Describe(failure);
            return Fail(code, line);
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    /// <summary>A word that is no command says more than the command that is missing.</summary>
    private static string Complaint(ParseResult parsed) => parsed.UnmatchedTokens.Count > 0
        ? $"'{parsed.UnmatchedTokens[0]}' is not understood; see smc --help."
        : $"{parsed.Errors[0].Message} See smc --help.";

    private static int Fail(ExitCode code, string line)
    {
        Console.Error.WriteLine($"smc: {line}");
        return (int)code;
    }
}
