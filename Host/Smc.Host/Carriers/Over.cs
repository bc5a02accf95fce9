using Smc.Host.CommandLine;

namespace Smc.Host.Carriers;

/// <summary>What carries a connection: ours, and the sockets it is compared with.</summary>
internal enum Over
{
    /// <summary>The SMC runtime: shared memory where both ends can, TCP where not.</summary>
    Smc,

    /// <summary>A plain TCP socket with NoDelay.</summary>
    Tcp,

    /// <summary>A plain TCP socket as .NET makes it, with Nagle's algorithm on.</summary>
    TcpNagle,

    /// <summary>A Unix domain stream socket.</summary>
    Uds,
}

/// <summary>The names of <see cref="Over"/> on the command line and in bench rows.</summary>
internal static class OverNames
{
    public const string All = "smc-d, tcp, tcp-nagle or uds";

    public static string Name(this Over over) => over switch
    {
        Over.Smc => "smc-d",
        Over.Tcp => "tcp",
        Over.TcpNagle => "tcp-nagle",
        _ => "uds",
    };

    public static Over Parse(string name) => name switch
    {
        "smc-d" or "smc" => Over.Smc,
        "tcp" => Over.Tcp,
        "tcp-nagle" => Over.TcpNagle,
        "uds" => Over.Uds,
        _ => throw CommandFailure.Usage($"'{name}' carries nothing; choose {All}."),
    };
}
