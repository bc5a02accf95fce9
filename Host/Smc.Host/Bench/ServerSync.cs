namespace Smc.Host.Bench;

/// <summary>The server's rounds by synchronous calls.</summary>
internal static class ServerSync
{
    /// <summary>Serves one connection until its client closes it.</summary>
    public static void Serve(Stream stream, int readLength)
    {
        var block = new byte[Math.Max(readLength, Round.HeaderLength)];
        while (stream.Read(block, 0, 1) == 1)
        {
            if (block[0] == (byte)RoundKind.Touch)
            {
                stream.Write(block, 0, 1);
                continue;
            }
            stream.ReadExactly(block, 1, Round.HeaderLength - 1);
            var round = Round.Parse(block);
            if (round.Kind == RoundKind.Usage) stream.Write(round.Usage());
            else if (round.Kind == RoundKind.PingPong) Echo(stream, block.AsSpan(0, round.Size), round.Count);
            else if (round.Kind == RoundKind.OneWay) Drain(stream, block, round.Count);
            else Check(stream, block, round.Count);
        }
    }

    private static void Echo(Stream stream, Span<byte> message, long count)
    {
        for (; count > 0; count--)
        {
            for (int have = 0; have < message.Length;)
            {
                int read = stream.Read(message[have..]);
                if (read == 0) throw new EndOfStreamException();
                have += read;
            }
            stream.Write(message);
        }
    }

    private static void Drain(Stream stream, byte[] block, long left)
    {
        while (left > 0)
        {
            int read = stream.Read(block, 0, (int)Math.Min(left, block.Length));
            if (read == 0) throw new EndOfStreamException();
            left -= read;
        }
        stream.WriteByte(Round.Confirmed);
    }

    private static void Check(Stream stream, byte[] block, long count)
    {
        bool right = true;
        for (long at = 0; at < count;)
        {
            int read = stream.Read(block, 0, (int)Math.Min(count - at, block.Length));
            if (read == 0) throw new EndOfStreamException();
            right &= Round.Matches(block.AsSpan(0, read), at);
            at += read;
        }
        stream.WriteByte(right ? Round.Confirmed : Round.WrongData);
    }
}
