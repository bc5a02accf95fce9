namespace Smc.Host.Bench.Messages;

/// <summary>A message with its sender and its place in what that sender sends; made before the clock starts and sent again and again.</summary>
internal sealed record Numbered(int Sender, int Number)
{
    private const int Period = 1024;

    /// <summary>A sender's messages, in the order in which it sends them over and over.</summary>
    public static Numbered[] Series(int sender) => [.. Enumerable.Range(0, Period).Select(number => new Numbered(sender, number))];

    public static Numbered At(Numbered[] series, long index) => series[index % Period];
}

/// <summary>Counts what arrives, and checks that each sender's messages come in its order and none is lost.</summary>
internal sealed class Arrivals(int senders, long count)
{
    private readonly long[] _next = new long[senders];
    private long _left = count;

    public bool AreComplete => _left == 0;

    /// <exception cref="InvalidOperationException">The message is not the next of its sender.</exception>
    public void Add(Numbered message, Numbered[][] series)
    {
        if (!ReferenceEquals(message, Numbered.At(series[message.Sender], _next[message.Sender]++)))
            throw new InvalidOperationException($"message {message.Number} of sender {message.Sender} came out of turn");
        _left--;
    }
}
