using System.Net.Sockets;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.HandshakeProtocol;

namespace Smc.Actors.Connections;

/// <summary>What the caller of ConnectAsync gets: a connection or a failure, once, and the journal closes with it.</summary>
internal sealed class CallerAnswer : LinkGroupProtocol.IStreamReceiver
{
    private readonly Connect _request;
    private readonly ConnectionTable _table;

    /// <param name="request">The caller's.</param>
    /// <param name="table">Where a connection that fell back is entered.</param>
    public CallerAnswer(Connect request, ConnectionTable table)
    {
        _request = request;
        _table = table;
        Journal = new HandshakeJournal(table.Events, ConnectionRole.Client, request.EndPoint, request.Start, this);
    }

    /// <summary>Of the handshake.</summary>
    public HandshakeJournal Journal { get; }

    /// <summary>The caller has been answered, or a group owes it the answer.</summary>
    public bool IsSettled { get; private set; }

    /// <inheritdoc />
    public void Deliver(SmcStream stream)
    {
        if (!_request.Promise.TrySetResult(stream)) stream.Abort();   // the caller has gone
    }

    /// <inheritdoc />
    public void Fail(SocketError reason) => _request.Promise.TrySetException(new SocketException((int)reason));

    /// <summary>Gives it a connection that fell back.</summary>
    /// <param name="socket">Connected; owned by the stream.</param>
    /// <param name="early">Bytes that were read and are the application's.</param>
    /// <param name="decision">Why it is TCP.</param>
    public void GivePlain(Socket socket, byte[] early, HandshakeDecision decision)
    {
        socket.Blocking = true;
        if (TcpStreams.TryCreate(socket, early, decision, _table) is { } stream) Give(stream, decision);
        else Journal.Fail(SocketError.ConnectionReset);
        IsSettled = true;
    }

    /// <summary>Gives it a failure.</summary>
    public void GiveFailure(Exception failure)
    {
        Journal.Failed(failure is SocketException { SocketErrorCode: var error } ? error.ToString() : "Canceled");
        _request.Promise.TrySetException(failure);
        IsSettled = true;
    }

    /// <summary>Leaves it to a link group, by way of the journal. The caller may still cancel: a group whose parent has ended for good does not answer.</summary>
    public HandshakeJournal LeaveToGroup()
    {
        IsSettled = true;
        CancellationToken caller = _request.CancellationToken;
        CancellationTokenRegistration canceled = caller.UnsafeRegister(_ => _request.Promise.TrySetException(new OperationCanceledException(caller)), null);
        _request.Promise.Task.ContinueWith(_ => canceled.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return Journal;
    }

    private void Give(SmcStream stream, HandshakeDecision decision)
    {
        try
        {
            Journal.Deliver(stream, decision);
        }
        catch
        {
            stream.Abort();   // nobody has it, and it has a row in the table
            throw;
        }
    }
}
