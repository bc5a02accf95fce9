using Smc.Host.Carriers;
using Smc.Host.Text;

namespace Smc.Host.Transfer;

/// <summary>The line both ends print about a finished connection.</summary>
internal static class ResultLine
{
    public static string Of(Connection connection, long bytes, ReadOnlySpan<byte> digest, TimeSpan elapsed) =>
        $"{bytes} bytes  sha256 {Quantity.Hex(digest)}  {Quantity.Seconds(elapsed.TotalSeconds)} s  {connection.Mode}"
        + (connection.Fallback is { } reason ? $" ({reason})" : "");
}
