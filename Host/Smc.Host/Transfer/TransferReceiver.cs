using System.Diagnostics;
using System.Security.Cryptography;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Transfer;

/// <summary>The serving side of one connection: a transfer is verified, and stored where a path was given; other bytes are counted.</summary>
internal sealed class TransferReceiver(Connection connection, string? path)
{
    private readonly byte[] _block = new byte[TransferFrame.BlockLength];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Reads to the end of the stream and returns the line that describes it.</summary>
    /// <exception cref="CommandFailure">The bytes are not those that were sent, or could not be stored.</exception>
    public async Task<string> ReceiveAsync(CancellationToken ct)
    {
        int first = await connection.Stream.ReadAtLeastAsync(_block.AsMemory(0, TransferFrame.MagicLength), TransferFrame.MagicLength, false, ct);
        if (_block.AsSpan(0, first).SequenceEqual(TransferFrame.RequestMagic)) return await ReceiveTransferAsync(ct);
        if (path is not null) throw CommandFailure.Failed($"{connection.Peer} is not smc send; nothing was stored.");
        return await CountAsync(first, ct);
    }

    private async Task<string> ReceiveTransferAsync(CancellationToken ct)
    {
        await connection.Stream.ReadExactlyAsync(_block.AsMemory(0, sizeof(long)), ct);
        if (!TransferFrame.TryReadLength(_block.AsSpan(0, sizeof(long)), out long length)) throw CommandFailure.Failed("the sender announced a negative length.");
        using var store = new Store(path);
        byte[] digest = await CopyAsync(length, store, ct);
        await connection.Stream.ReadExactlyAsync(_block.AsMemory(0, TransferFrame.DigestLength), ct);
        bool same = _block.AsSpan(0, TransferFrame.DigestLength).SequenceEqual(digest);
        bool ended = await connection.Stream.ReadAsync(_block.AsMemory(0, 1), ct) == 0;
        if (!same || !ended)
        {
            await AnswerAsync(ReceiptStatus.Mismatch, digest, ct);
            throw CommandFailure.Failed($"checksum mismatch from {connection.Peer}; nothing was stored.");
        }
        store.Commit();
        await AnswerAsync(store.IsComplete ? ReceiptStatus.Verified : ReceiptStatus.NotStored, digest, ct);
        store.ThrowIfIncomplete();
        return ResultLine.Of(connection, length, digest, _clock.Elapsed);
    }

    private async Task<byte[]> CopyAsync(long length, Store store, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (length > 0)
        {
            int read = await connection.Stream.ReadAsync(_block.AsMemory(0, (int)Math.Min(length, _block.Length)), ct);
            if (read == 0) throw CommandFailure.Failed($"{connection.Peer} ended {length} bytes early; nothing was stored.");
            hash.AppendData(_block, 0, read);
            await store.WriteAsync(_block.AsMemory(0, read), ct);
            length -= read;
        }
        return hash.GetHashAndReset();
    }

    private async Task<string> CountAsync(int first, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        for (int read = first; read > 0; read = await connection.Stream.ReadAsync(_block, ct))
        {
            hash.AppendData(_block, 0, read);
            total += read;
        }
        return ResultLine.Of(connection, total, hash.GetHashAndReset(), _clock.Elapsed);
    }

    private async Task AnswerAsync(ReceiptStatus status, byte[] digest, CancellationToken ct)
    {
        await connection.Stream.WriteAsync(TransferFrame.Receipt(status, digest), ct);
        await connection.Stream.FlushAsync(ct);
        connection.ShutdownWrite();
    }
}
