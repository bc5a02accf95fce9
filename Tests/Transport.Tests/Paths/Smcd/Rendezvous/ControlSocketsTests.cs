using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

public sealed class ControlSocketsTests
{
    private readonly ControlSockets _sockets = new();

    [Fact]
    public void A_process_has_so_many_each_way_and_others_have_theirs()
    {
        for (int i = 0; i < ControlSockets.MostOfProcess; i++) Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 7).Identity, isOpenedHere: false));
        Assert.False(_sockets.TryAdd(PeerSockets.Of(process: 7).Identity, isOpenedHere: false));
        Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 7).Identity, isOpenedHere: true));
        Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 8).Identity, isOpenedHere: false));
        _sockets.Remove(PeerSockets.Of(process: 7).Identity, isOpenedHere: false);
        Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 7).Identity, isOpenedHere: false));
    }

    [Fact]
    public void Those_that_cannot_be_seen_have_so_many_together()
    {
        PeerSession first = PeerSockets.Of(process: 0, start: 0);
        Assert.True(_sockets.TryAdd(first.Identity, isOpenedHere: false));
        for (int i = 1; i < ControlSockets.MostUnseen; i++) Assert.True(_sockets.TryAdd(PeerSockets.Of(i % 2, start: 0).Identity, isOpenedHere: false));
        Assert.False(_sockets.TryAdd(PeerSockets.Of(process: 0, start: 0).Identity, isOpenedHere: false));
        Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 7).Identity, isOpenedHere: false));
        _sockets.Remove(first.Identity, isOpenedHere: false);
        Assert.True(_sockets.TryAdd(PeerSockets.Of(process: 0, start: 0).Identity, isOpenedHere: false));
    }
}
