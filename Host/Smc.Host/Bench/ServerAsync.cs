namespace Smc.Host.Bench;

/// <summary>The server's rounds by asynchronous calls.</summary>
internal static class ServerAsync
{
    /// <summary>Serves one connection until its client closes it.</summary>
    public static async Task ServeAsync(Stream stream, int readLength)
    {
        var block = new byte[Round.HeaderLength];
        while (await stream.ReadAsync(block.AsMemory(0, 1)) == 1)
        {
            if (block[0] == (byte)RoundKind.Touch)
            {
                await stream.WriteAsync(block.AsMemory(0, 1));
                continue;
            }
            await stream.ReadExactlyAsync(block.AsMemory(1, Round.HeaderLength - 1));
            var round = Round.Parse(block);
            if (round.Kind == RoundKind.Usage) await stream.WriteAsync(round.Usage());
            else if (round.Kind == RoundKind.PingPong) await EchoAsync(stream, new byte[round.Size], round.Count);
            else if (round.Kind == RoundKind.OneWay) await DrainAsync(stream, new byte[readLength], round.Count);
            else await CheckAsync(stream, new byte[readLength], round.Count);
        }
    }

    private static async Task EchoAsync(Stream stream, Memory<byte> message, long count)
    {
        for (; count > 0; count--)
        {
            for (int have = 0; have < message.Length;)
            {
                int read = await stream.ReadAsync(message[have..]);
                if (read == 0) throw new EndOfStreamException();
                have += read;
            }
            await stream.WriteAsync(message);
        }
    }

    private static async Task DrainAsync(Stream stream, byte[] block, long left)
    {
        while (left > 0)
        {
            int read = await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
            if (read == 0) throw new EndOfStreamException();
            left -= read;
        }
        block[0] = Round.Confirmed;
        await stream.WriteAsync(block.AsMemory(0, 1));
    }

    private static async Task CheckAsync(Stream stream, byte[] block, long count)
    {
        bool right = true;
        for (long at = 0; at < count;)
        {
            int read = await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(count - at, block.Length)));
            if (read == 0) throw new EndOfStreamException();
            right &= Round.Matches(block.AsSpan(0, read), at);
            at += read;
        }
        block[0] = right ? Round.Confirmed : Round.WrongData;
        await stream.WriteAsync(block.AsMemory(0, 1));
    }
}
