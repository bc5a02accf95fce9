using System.Buffers;
using Smc.Host.CommandLine;

namespace Smc.Host.Inspect;

/// <summary>A document as it comes through a door, in an array of the pool: it is large where a process has many connections, and one like it is read again a
/// second later.</summary>
internal sealed class DocumentBytes : IDisposable
{
    /// <summary>The longest document that is taken, in bytes: that of some hundred thousand connections.</summary>
    public const int Most = 64 << 20;

    private const int FirstBytes = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    /// <summary>What has come so far; gone with this object.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="CommandFailure">It would be longer than <see cref="Most"/>.</exception>
    public void Add(ReadOnlySequence<byte> piece)
    {
        if (piece.Length > Most - _length) throw CommandFailure.Failed("an answer has no end.");
        int length = _length + (int)piece.Length;
        if (length > _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _bytes.Length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        piece.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _length = 0;
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }
}
