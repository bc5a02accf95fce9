using System.Net;
using Smc.Actors.Connections;
using Smc.Transport.Rings;
using Smc.Transport.Wire;

namespace Actors.Tests.Connections;

public sealed class ConnectionTableTests
{
    private static readonly IPEndPoint Peer = new(IPAddress.Loopback, 4711);

    private readonly ConnectionTable _table = new();

    [Fact]
    public void Every_breach_is_counted_and_the_first_of_its_kind_from_a_host_is_news()
    {
        Assert.True(_table.Count(WireError.BadLength, IPAddress.Loopback));
        Assert.False(_table.Count(WireError.BadLength, IPAddress.Loopback));
        Assert.True(_table.Count(WireError.BadLength, IPAddress.IPv6Loopback));
        Assert.True(_table.Count(WireError.WrongType, IPAddress.Loopback));
        Assert.True(_table.Count(RingViolation.ProducerOutsideRing, Peer));
        Assert.False(_table.Count(RingViolation.ProducerOutsideRing, Peer));
        Assert.Equal((3, 1), (_table.Breaches[WireError.BadLength], _table.Breaches[WireError.WrongType]));
        Assert.Equal(2, _table.Violations[RingViolation.ProducerOutsideRing]);
    }

    [Fact]
    public void A_host_with_many_addresses_is_not_news_for_ever()
    {
        int news = 0;
        for (int i = 0; i < 2 * ConnectionTable.MostNews; i++)
        {
            if (_table.Count(WireError.BadLength, new IPAddress(i))) news++;
        }

        Assert.Equal(ConnectionTable.MostNews, news);
        Assert.Equal(2 * ConnectionTable.MostNews, _table.Breaches[WireError.BadLength]);
    }
}
