using System.Globalization;
using System.Net;

namespace Actors.Tests.Harness;

/// <summary>What the kernel says of the TCP connections of a port of 127.0.0.1 in this network namespace.</summary>
internal static class TcpTable
{
    private const int Local = 1;
    private const int Remote = 2;
    private const int State = 3;
    private const int Queues = 4;
    private const string Established = "01";

    /// <summary>How many connections to a server are established, seen from their clients.</summary>
    public static int EstablishedTo(IPEndPoint server) => Rows().Count(row => row[Remote] == Name(server) && row[State] == Established);

    /// <summary>How many bytes a server has not read yet, of all its connections.</summary>
    public static long UnreadAt(IPEndPoint server) => Rows()
        .Where(row => row[Local] == Name(server) && row[State] == Established)
        .Sum(row => long.Parse(row[Queues].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static IEnumerable<string[]> Rows() =>
        File.ReadAllLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As the table writes it: the address's bytes as one word of this machine, and the port.</summary>
    private static string Name(IPEndPoint endPoint) =>
        $"{BitConverter.ToUInt32(endPoint.Address.GetAddressBytes()):X8}:{endPoint.Port:X4}";
}
