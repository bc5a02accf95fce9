using System.Net.Sockets;

namespace Smc.Transport.Tests.Conformance;

/// <summary>What code written for NetworkStream expects of every path. The parts: moving data, ending, failing.</summary>
public abstract partial class StreamConformance<TFixture> : IDisposable
    where TFixture : ITransportFixture, new()
{
    /// <summary>More than any path holds without a reader.</summary>
    private const int Flood = 32 * 1024 * 1024;

    private readonly StreamPair _pair;

    protected StreamConformance()
    {
        Fixture = new TFixture();
        _pair = Fixture.Connect();
    }

    protected TFixture Fixture { get; }

    protected SmcStream Client => _pair.Client;

    protected SmcStream Server => _pair.Server;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _pair.Dispose();
        Fixture.Dispose();
    }

    /// <summary>Waits for an <see cref="IOException"/> around a <see cref="SocketException"/> of this code.</summary>
    protected static async Task FailsWith(SocketError expected, Func<Task> operation)
    {
        IOException thrown = await Assert.ThrowsAsync<IOException>(() => operation().Guarded());
        Assert.Equal(expected, Assert.IsType<SocketException>(thrown.InnerException).SocketErrorCode);
    }

    /// <inheritdoc cref="FailsWith(SocketError, Func{Task})" />
    protected static Task FailsWith(SocketError expected, Action operation) => FailsWith(expected, () => HangGuard.OnThread(operation));

    protected static byte[] RandomBytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected static async Task<byte[]> ReadToEnd(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).Guarded();
        return all.ToArray();
    }

    /// <summary>A read of nothing, which waits for data.</summary>
    protected static async Task UntilReadable(SmcStream stream) => Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty).Guarded());
}
