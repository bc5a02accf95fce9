using System.Net.Sockets;
using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>What a direction tells its policy of spinning of how its waits ended.</summary>
public sealed class SpinLearningTests : IDisposable
{
    private const int Reads = 100;

    /// <summary>Of waits that met nothing: 250, 125, 62, 31, 16 and 8 microseconds, and then the 2nd, 4th, 8th, 16th and 32nd wait.</summary>
    private const int LossesOfReads = 6 + 5;

    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 1000, InlineCompletions: false));
    private readonly byte[] _byte = new byte[1];
    private readonly SmcdEnd _server;

    public SpinLearningTests() => _server = _group.Connect().Server;

    [Fact]
    public async Task Reads_that_are_cancelled_at_once_turn_spinning_off()
    {
        for (int i = 0; i < Reads; i++)
        {
            using var source = new CancellationTokenSource();
            Task<int> reading = _server.Path.ReadAsync(_byte, source.Token).AsTask();
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guarded());
        }

        Assert.Equal((0, LossesOfReads), (_server.Path.Statistics.SpinWins, _server.Path.Statistics.SpinLosses));
    }

    [Fact]
    public void Reads_that_time_out_turn_spinning_off()
    {
        for (int i = 0; i < Reads; i++)
        {
            Exception? failure = Assert.Throws<IOException>(() => _server.Path.Read(_byte, timeoutMilliseconds: 1)).InnerException;
            Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(failure).SocketErrorCode);
        }

        Assert.Equal((0, LossesOfReads), (_server.Path.Statistics.SpinWins, _server.Path.Statistics.SpinLosses));
    }

    public void Dispose() => _group.Dispose();
}
