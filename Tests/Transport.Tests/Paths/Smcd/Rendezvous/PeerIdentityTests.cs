using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

public sealed class PeerIdentityTests
{
    [Fact]
    public void A_process_is_one_whichever_of_its_sockets_it_uses_and_another_that_gets_its_id_is_another()
    {
        Assert.Equal(PeerSockets.Of(process: 7).Identity, PeerSockets.Of(process: 7).Identity);
        Assert.NotEqual(PeerSockets.Of(process: 7).Identity, PeerSockets.Of(process: 7, start: 2).Identity);
        Assert.True(PeerSockets.Of(process: 7).Identity.IsSeen);
    }

    /// <summary>Its id may be another's by now, who is not to share with it.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    public void A_process_that_cannot_be_seen_or_has_gone_before_it_could_be_is_one_for_each_of_its_sockets(int process, long start)
    {
        PeerSession one = PeerSockets.Of(process, start), other = PeerSockets.Of(process, start);
        Assert.False(one.Identity.IsSeen);
        Assert.Equal(0, one.Identity.Id);
        Assert.Equal(one.Identity, one.Identity);
        Assert.NotEqual(one.Identity, other.Identity);
    }
}
