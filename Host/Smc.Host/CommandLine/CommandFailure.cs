namespace Smc.Host.CommandLine;

/// <summary>Ends a command with one line for its user.</summary>
internal sealed class CommandFailure(ExitCode code, string line, Exception? cause = null) : Exception(line, cause)
{
    public ExitCode Code { get; } = code;

    public static CommandFailure Usage(string line) => new(ExitCode.Usage, line);

    public static CommandFailure Failed(string line, Exception? cause = null) => new(ExitCode.Failed, line, cause);
}
