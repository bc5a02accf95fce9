using Smc.Host.CommandLine;

namespace Smc.Host.Top;

/// <summary>What rows can be sorted by.</summary>
/// <param name="Letter">The key that chooses it.</param>
/// <param name="Word">Its name, for <c>-o</c>.</param>
/// <param name="Says">What it is.</param>
/// <param name="IsDescending">The largest first.</param>
/// <param name="Of">What is compared.</param>
internal sealed record TopKey(char Letter, string Word, string Says, bool IsDescending, Func<TopRow, IComparable> Of)
{
    public static IReadOnlyList<TopKey> All { get; } =
    [
        new('b', "bytes", "bytes a second, both ways", true, row => row.Sent + row.Received),
        new('s', "sent", "bytes sent a second", true, row => row.Sent),
        new('r', "received", "bytes received a second", true, row => row.Received),
        new('w', "writes", "writes a second", true, row => row.Writes),
        new('d', "doorbells", "doorbells a second", true, row => row.Bells),
        new('f', "waits", "what it waits for", false, row => row.Connection.WaitsFor),
        new('m', "mode", "mode", false, row => row.Connection.Mode),
        new('p', "peer", "peer", false, row => row.Connection.Peer),
        new('a', "age", "age", true, row => row.Connection.Age),
        new('i', "id", "process and ID", false, row => Order(row)),
    ];

    public static string Words => string.Join(", ", All.Select(key => key.Word));

    /// <exception cref="CommandFailure">There is no such key.</exception>
    public static TopKey Parse(string word) =>
        All.FirstOrDefault(key => key.Word == word || key.Letter.ToString() == word) ?? throw CommandFailure.Usage($"-o must be one of {Words}, was '{word}'.");

    /// <summary>Rows that are equal by this key stand by process and ID, so that they do not jump about.</summary>
    public IEnumerable<TopRow> Sort(IEnumerable<TopRow> rows, bool isReversed) =>
        (IsDescending != isReversed ? rows.OrderByDescending(Of) : rows.OrderBy(Of)).ThenBy(Order);

    /// <summary>Processes by number, and connections in the order of their beginning: c2 before c17.</summary>
    private static (int, string, int, string) Order(TopRow row) => (row.ProcessId, row.Process, row.Connection.Id.Length, row.Connection.Id);
}
