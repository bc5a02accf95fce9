using System.CommandLine;
using Serilog;
using Smc.Host.Commands;

namespace Smc.Host.CommandLine;

/// <summary>The commands, and the one place where a failure becomes a line and an exit code.</summary>
internal static class SmcProgram
{
    public static RootCommand Build()
    {
        var root = new RootCommand("Shared Memory Communications in user space: move a byte stream over memory that both processes see.")
        {
            ServeCommand.Create(), SendCommand.Create(), CheckCommand.Create(), DemoCommand.Create(), BenchCommand.Create(),
            PeerCommands.CreateBenchPeer(), PeerCommands.CreateDemoPeer(),
        };
        root.Options.Add(Verbosity.Option);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0) return Fail(ExitCode.Usage, parsed.Errors[0].Message);
        Verbosity.Apply(parsed.GetValue(Verbosity.Option));
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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

    private static int Fail(ExitCode code, string line)
    {
        Console.Error.WriteLine($"smc: {line}");
        return (int)code;
    }
}
