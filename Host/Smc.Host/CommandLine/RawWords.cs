using System.CommandLine;

namespace Smc.Host.CommandLine;

/// <summary>Words that are another grammar's, in their order.</summary>
internal static class RawWords
{
    /// <summary>All words behind a command's name.</summary>
    public static string[] Behind(ParseResult parsed, string command) => [.. parsed.Tokens.Select(token => token.Value).SkipWhile(word => word != command).Skip(1)];
}
