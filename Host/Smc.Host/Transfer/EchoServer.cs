using System.Diagnostics;
using System.Security.Cryptography;
using Smc.Host.Carriers;

namespace Smc.Host.Transfer;

/// <summary>Sends every byte back, whatever it is, until the peer has no more.</summary>
internal static class EchoServer
{
    public static async Task<string> EchoAsync(Connection connection, CancellationToken ct)
    {
        var block = new byte[TransferFrame.BlockLength];
        var clock = Stopwatch.StartNew();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        while (await connection.Stream.ReadAsync(block, ct) is > 0 and int read)
        {
            hash.AppendData(block, 0, read);
            await connection.Stream.WriteAsync(block.AsMemory(0, read), ct);
            total += read;
        }
        connection.ShutdownWrite();
        return ResultLine.Of(connection, total, hash.GetHashAndReset(), clock.Elapsed);
    }
}
