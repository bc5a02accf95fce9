using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Smc.Transport.Paths.Smcd;

/// <summary>The write that waits for the peer's window.</summary>
internal sealed class PendingWrite(SmcdWriter writer) : PendingOperation(writer), IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private ReadOnlyMemory<byte> _rest;
    private int _requested;
    private bool _isKnown;
    private bool _isPromised;   // the last one went to the background, so that its result came, or comes, by _source

    /// <summary>Waits, from inside the writer's mark, which is left when all of <paramref name="rest"/> is written.</summary>
    /// <param name="rest">What is still to be written.</param>
    /// <param name="requested">The bytes of the whole write.</param>
    /// <param name="token">The caller's.</param>
    public ValueTask Start(ReadOnlyMemory<byte> rest, int requested, CancellationToken token)
    {
        bool isOnItsWay = _isPromised && _source.GetStatus(_source.Version) == ValueTaskSourceStatus.Pending;
        if (isOnItsWay) writer.Refuse("write");   // the one before has left the mark, and not yet said how it ended
        _isPromised = true;
        _source.Reset();
        _rest = rest;
        _requested = requested;
        short version = _source.Version;
        return Begin(token) ? Finished() : new ValueTask(this, version);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override bool TryStep()
    {
        _isKnown = writer.TryWrite(_rest.Span, out int written, out SocketError error);
        _rest = _rest[written..];
        Error = error;
        if (_isKnown && error == SocketError.Success) writer.Count(_requested);
        return _isKnown || IsCanceled;
    }

    protected override void Complete()
    {
        Exception? failure = Finish();
        if (failure is null) _source.SetResult(true);
        else _source.SetException(failure);
    }

    private ValueTask Finished()
    {
        _isPromised = false;
        Exception? failure = Finish();
        return failure is null ? default : ValueTask.FromException(failure);
    }

    private Exception? Finish()
    {
        Exception? failure = Fault;
        if (failure is null && Error != SocketError.Success) failure = PathErrors.Create(Error);
        if (failure is null && !_isKnown) failure = new OperationCanceledException(Token);
        _rest = default;
        End();
        writer.Leave();
        return failure;
    }
}
