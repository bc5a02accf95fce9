using Smc.Transport.Interop.Linux;

namespace Smc.Host.Inspect;

/// <summary>A stream whose asynchronous calls wait on the caller's thread: no pool, and no thread between the kernel and him.</summary>
/// <param name="inner">Not owned.</param>
internal sealed class BlockingStream(Stream inner) : ForwardStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(inner.Read(buffer.Span));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        inner.Write(buffer.Span);
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
}
