using System.Buffers;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>A buffer that holds whoever asks for its bytes inside the connection until the test lets go.</summary>
internal sealed class HeldMemory(int length) : MemoryManager<byte>
{
    private readonly byte[] _bytes = new byte[length];
    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _released = new();

    public override Memory<byte> Memory => CreateMemory(length);

    public void UntilInside() => Assert.True(_inside.Wait(HangGuard.Limit));

    public void LetGo() => _released.Set();

    public override Span<byte> GetSpan()
    {
        _inside.Set();
        Assert.True(_released.Wait(HangGuard.Limit));
        return _bytes;
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _inside.Dispose();
        _released.Dispose();
    }
}
