using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

[SupportedOSPlatform("linux")]
public sealed class ControlReactorTests : IControlHandler, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OwnedFolder _owned;
    private readonly SeqPacketSocket _listener;
    private readonly SeqPacketSocket _client;
    private readonly ControlReactor _reactor;

    public ControlReactorTests()
    {
        _owned = OwnedFolder.TryOpen(_folder.Path, out string problem) ?? throw new InvalidOperationException(problem);
        _listener = SeqPacketSocket.TryListen(_owned.Descriptor, "test.sock", 8, out _)!;
        _client = SeqPacketSocket.TryConnect(_owned.Descriptor, "test.sock", out _)!;
        Assert.Equal(PacketStatus.Done, _listener.TryAccept(out SeqPacketSocket? accepted));
        _reactor = ControlReactor.TryStart(this, accepted!, ownThread: false)!;   // it does not listen: the kernel refuses to accept there
    }

    [Fact]
    public void A_listener_that_cannot_accept_is_left_alone_for_a_while_and_asked_again()
    {
        Assert.Equal(PacketStatus.Done, _client.TrySend("ready"u8, null));
        Assert.True(_reactor.Handle());    // it is ready, and fails
        Assert.True(_reactor.Handle());    // whoever waited without a time-out is woken, once
        Assert.False(_reactor.Handle());   // and nothing is ready any more: nobody turns round and round
        long begin = Environment.TickCount64;
        int turns = 0;
        do
        {
            _reactor.WaitReadable();   // ends by itself: here is no other news
            turns++;
        }
        while (!_reactor.Handle());
        Assert.InRange(turns, 1, 10);
        Assert.True(Environment.TickCount64 > begin, "a pause");
    }

    public void Dispose()
    {
        _reactor.Dispose();
        _client.Dispose();
        _listener.Dispose();
        _owned.Dispose();
        _folder.Dispose();
    }

    void IControlHandler.OnAccepted(ControlChannel channel) => Assert.Fail("nobody connects");

    void IControlHandler.OnFrame(ControlChannel channel, ReadOnlySpan<byte> frame, FileDescriptor? descriptor) => Assert.Fail("nobody sends");

    void IControlHandler.OnTruncated(ControlChannel channel) => Assert.Fail("nobody sends");

    void IControlHandler.OnClosed(ControlChannel channel)
    {
    }
}
