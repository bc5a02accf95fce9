using System.Diagnostics;
using System.Security.Cryptography;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Transfer;

/// <summary>The sending side: reads, hashes and sends a file, and takes the receipt (or, from an echo server, every byte back).</summary>
internal sealed class TransferSender(Connection connection, FileStream file)
{
    private byte[] _digest = [];

    /// <summary>Sends the file and returns the line that describes the transfer.</summary>
    /// <exception cref="CommandFailure">The receiver did not confirm these bytes.</exception>
    public async Task<string> SendAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        long length = file.Length;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<Answer> reading = ReadAnswerAsync(length, stop.Token);
        try
        {
            await WriteAsync(length, ct);
        }
        catch (IOException) when (reading.IsCompletedSuccessfully)
        {
            // The receiver said why before it closed: its receipt tells more than the broken connection does.
        }
        catch
        {
            await stop.CancelAsync();
            await reading.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            throw;
        }
        Answer answer = await reading;
        Check(answer);
        return ResultLine.Of(connection, length, _digest, clock.Elapsed) + (answer.Echoed ? "  echoed" : "");
    }

    private async Task WriteAsync(long length, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[TransferFrame.BlockLength];
        await connection.Stream.WriteAsync(TransferFrame.Header(length), ct);
        while (length > 0)
        {
            int read = await file.ReadAsync(block.AsMemory(0, (int)Math.Min(length, block.Length)), ct);
            if (read == 0) throw CommandFailure.Failed($"{file.Name} became {length} bytes shorter while it was sent.");
            hash.AppendData(block, 0, read);
            await connection.Stream.WriteAsync(block.AsMemory(0, read), ct);
            length -= read;
        }
        _digest = hash.GetHashAndReset();
        await connection.Stream.WriteAsync(_digest, ct);
        await connection.Stream.FlushAsync(ct);
        connection.ShutdownWrite();
    }

    private async Task<Answer> ReadAnswerAsync(long length, CancellationToken ct)
    {
        Stream stream = connection.Stream;
        var start = new byte[TransferFrame.ReceiptLength];
        if (await stream.ReadAtLeastAsync(start.AsMemory(0, TransferFrame.HeaderLength), TransferFrame.HeaderLength, false, ct) < TransferFrame.HeaderLength)
            throw CommandFailure.Failed("the receiver closed without a receipt: it is not smc serve, or it failed.");
        if (start.AsSpan(0, TransferFrame.HeaderLength).SequenceEqual(TransferFrame.Header(length)))
            return new Answer(true, ReceiptStatus.Verified, await HashEchoAsync(length, ct));
        if (!start.AsSpan().StartsWith(TransferFrame.ReceiptMagic))
            throw CommandFailure.Failed("the receiver answered with something else than a receipt: it is not smc serve.");
        await stream.ReadExactlyAsync(start.AsMemory(TransferFrame.HeaderLength), ct);
        return new Answer(false, (ReceiptStatus)start[TransferFrame.MagicLength], start[(TransferFrame.MagicLength + 1)..]);
    }

    private async Task<byte[]> HashEchoAsync(long length, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[TransferFrame.BlockLength];
        while (length > 0)
        {
            int read = await connection.Stream.ReadAsync(block.AsMemory(0, (int)Math.Min(length, block.Length)), ct);
            if (read == 0) throw CommandFailure.Failed($"the echo ended {length} bytes early.");
            hash.AppendData(block, 0, read);
            length -= read;
        }
        await connection.Stream.ReadExactlyAsync(block.AsMemory(0, TransferFrame.DigestLength), ct);
        return hash.GetHashAndReset();
    }

    private void Check(Answer answer)
    {
        if (answer.Status == ReceiptStatus.NotStored) throw CommandFailure.Failed("the receiver has the bytes but could not store them.");
        if (answer.Status != ReceiptStatus.Verified || !answer.Digest.AsSpan().SequenceEqual(_digest))
            throw CommandFailure.Failed("checksum mismatch: the receiver has other bytes than were sent.");
    }

    private sealed record Answer(bool Echoed, ReceiptStatus Status, byte[] Digest);
}
