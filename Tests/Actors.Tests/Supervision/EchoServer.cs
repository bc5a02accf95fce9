using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Transport;

namespace Actors.Tests.Supervision;

/// <summary>Sends back what comes over every connection of a listener, and knows how each of them, and the accepting, ended.</summary>
internal sealed class EchoServer(ISmcListener listener) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, SocketError> _ends = [];
    private readonly ConcurrentBag<Task> _echoes = [];
    private Task<Exception>? _accepting;

    /// <summary>Where.</summary>
    public IPEndPoint EndPoint => listener.LocalEndPoint;

    /// <summary>Connections that have not ended here.</summary>
    public int Open => _echoes.Count(echo => !echo.IsCompleted);

    /// <summary>How the connection with a client ended, null where there was none; Success is the end in order.</summary>
    public SocketError? EndOf(IPEndPoint client) => _ends.TryGetValue(client, out SocketError end) ? end : null;

    /// <summary>Done with the exception that AcceptAsync ends with.</summary>
    public Task<Exception> Accepting => _accepting!;

    /// <summary>Begins to accept.</summary>
    public EchoServer Start()
    {
        _accepting = Task.Run(AcceptAsync);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        await Accepting.Guard();
        await Task.WhenAll(_echoes).Guard();
    }

    private async Task<Exception> AcceptAsync()
    {
        try
        {
            while (true) _echoes.Add(EchoAsync(await listener.AcceptAsync()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return e;
        }
    }

    private async Task EchoAsync(SmcStream stream)
    {
        await using (stream)
        {
            SocketError end = SocketError.Success;
            try
            {
                await stream.CopyToAsync(stream);
            }
            catch (IOException e) when (e.InnerException is SocketException cause)
            {
                end = cause.SocketErrorCode;
            }

            _ends[stream.RemoteEndPoint] = end;
        }
    }
}
