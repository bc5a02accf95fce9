using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Smc.Transport.Paths.Smcd;

/// <summary>The read that waits for data.</summary>
internal sealed class PendingRead(SmcdReader reader) : PendingOperation(reader), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _buffer;
    private int _count;
    private bool _isKnown;
    private bool _isPromised;   // the last one went to the background, so that its result came, or comes, by _source

    /// <summary>Waits, from inside the reader's mark, which is left when the read is done.</summary>
    public ValueTask<int> Start(Memory<byte> buffer, CancellationToken token)
    {
        bool isOnItsWay = _isPromised && _source.GetStatus(_source.Version) == ValueTaskSourceStatus.Pending;
        if (isOnItsWay) reader.Refuse("read");   // the one before has left the mark, and not yet said how it ended
        _isPromised = true;
        _source.Reset();
        _buffer = buffer;
        short version = _source.Version;
        return Begin(token) ? Finished() : new ValueTask<int>(this, version);
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override bool TryStep()
    {
        _isKnown = reader.TryRead(_buffer.Span, out _count, out SocketError error);
        Error = error;
        return _isKnown || IsCanceled;
    }

    protected override void Complete()
    {
        Exception? failure = Finish(out int count);
        if (failure is null) _source.SetResult(count);
        else _source.SetException(failure);
    }

    private ValueTask<int> Finished()
    {
        _isPromised = false;
        Exception? failure = Finish(out int count);
        return failure is null ? new ValueTask<int>(count) : ValueTask.FromException<int>(failure);
    }

    private Exception? Finish(out int count)
    {
        Exception? failure = Fault;
        if (failure is null && Error != SocketError.Success) failure = PathErrors.Create(Error);
        if (failure is null && !_isKnown) failure = new OperationCanceledException(Token);
        count = _count;
        _buffer = default;
        End();
        reader.Leave();
        return failure;
    }
}
