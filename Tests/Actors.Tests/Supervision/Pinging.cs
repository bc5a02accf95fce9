using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport;

namespace Actors.Tests.Supervision;

/// <summary>A connection to an <see cref="EchoServer"/> on which seeded bytes go round, every one of them looked at, until it is told to end or breaks.</summary>
internal sealed class Pinging
{
    private const int Bytes = 2_000;

    private readonly SmcStream _stream;
    private readonly int _seed;
    private readonly Task<SocketError> _going;
    private long _rounds;
    private volatile bool _isEnding;

    public Pinging(SmcStream stream, int seed)
    {
        Assert.Equal(SmcMode.SmcD, stream.Mode);
        _stream = stream;
        _seed = seed;
        _going = Task.Run(GoAsync);
    }

    /// <summary>Waits for bytes that are sent from now on; false where the connection has broken.</summary>
    public async Task<bool> GoesOnAsync()
    {
        long enough = Volatile.Read(ref _rounds) + 2;
        await Eventually.TrueAsync(() => _going.IsCompleted || Volatile.Read(ref _rounds) >= enough, "bytes go round");
        return !_going.IsCompleted;
    }

    /// <summary>Ends it in order; says how it ended.</summary>
    public async Task<SocketError> EndAsync()
    {
        _isEnding = true;
        SocketError error = await _going.Guard();
        await _stream.DisposeAsync();
        return error;
    }

    private async Task<SocketError> GoAsync()
    {
        byte[] back = new byte[Bytes];
        try
        {
            while (!_isEnding)
            {
                byte[] sent = SeededBytes.Take(Bytes, _seed + (int)_rounds);
                await _stream.WriteAsync(sent);
                await _stream.ReadExactlyAsync(back);
                Assert.Equal(sent, back);
                Volatile.Write(ref _rounds, _rounds + 1);
            }

            return SocketError.Success;
        }
        catch (IOException e) when (e.InnerException is SocketException cause)
        {
            return cause.SocketErrorCode;
        }
    }
}
