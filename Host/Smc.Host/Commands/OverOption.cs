using System.CommandLine;
using Smc.Host.Carriers;

namespace Smc.Host.Commands;

/// <summary>The <c>--over</c> option of <c>serve</c> and <c>send</c>.</summary>
internal static class OverOption
{
    public static Option<string> Create() => new("--over")
    {
        Description = $"What carries the bytes, to compare: {OverNames.All}; smc-d falls back to TCP by itself, and uds takes a path as endpoint.",
        DefaultValueFactory = _ => Over.Smc.Name(),
    };
}
