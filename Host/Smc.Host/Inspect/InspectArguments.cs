using Smc.Host.CommandLine;

namespace Smc.Host.Inspect;

/// <summary>What stands behind <c>smc inspect</c>: options of its own first, then a command of the palette with its arguments, which are its own affair.</summary>
/// <param name="Process">The process to look into: its number, or the beginning of the name of its door or of its GID; null for the only one there is.</param>
/// <param name="Folder">The rendezvous folder; null for the default one.</param>
/// <param name="Words">A command and its arguments; empty to list the processes.</param>
internal sealed record InspectArguments(string? Process, string? Folder, string[] Words)
{
    public const string Syntax = "[-p PID|DOOR|GID] [--folder FOLDER] [COMMAND [arguments]]";

    /// <exception cref="CommandFailure">An option without its value, or an unknown one.</exception>
    public static InspectArguments Parse(ReadOnlySpan<string> args)
    {
        string? process = null;
        string? folder = null;
        int i = 0;
        for (; i < args.Length && args[i].StartsWith('-'); i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw CommandFailure.Usage($"{args[i]} needs a value; write smc inspect {Syntax}.");
            switch (args[i])
            {
                case "-p": process = value; break;
                case "--folder": folder = value; break;
                default: throw CommandFailure.Usage($"'{args[i]}' is not understood; write smc inspect {Syntax}.");
            }
        }

        return new InspectArguments(process, folder, args[i..].ToArray());
    }
}
