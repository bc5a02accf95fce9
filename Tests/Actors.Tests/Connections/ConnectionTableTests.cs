using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors.Connections;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Smc.Transport.Paths;
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
    public void The_first_connection_of_an_endpoint_that_blocks_its_wake_thread_is_news()
    {
        Assert.True(_table.IsFirstBlocking(Peer));
        Assert.False(_table.IsFirstBlocking(new IPEndPoint(Peer.Address, Peer.Port)));
        Assert.True(_table.IsFirstBlocking(new IPEndPoint(Peer.Address, Peer.Port + 1)));
    }

    [Fact]
    public void Whoever_asks_for_the_sum_within_its_life_shares_it()
    {
        var time = new SteppedTime();
        var table = new ConnectionTable(new EventPublisher(), time);
        IReadOnlyDictionary<SmcMode, SmcStatistics> first = table.Totals();
        time.Advance(ConnectionTable.SumLife - TimeSpan.FromTicks(1));
        Assert.Same(first, table.Totals());
        time.Advance(TimeSpan.FromTicks(1));
        Assert.NotSame(first, table.Totals());
        Assert.Equal([SmcMode.Tcp, SmcMode.SmcD], first.Keys);
    }

    [Fact]
    public void A_connection_of_a_mode_that_this_version_has_not_is_counted_as_well()
    {
        var stream = new SmcStream(new RdmaPath(), Peer, Peer, SmcReason.None);
        _table.AddFallback(_table.NextId(), stream, HandshakeDecision.Complete(ConnectionRole.Client));
        Assert.Equal(1, _table.CountOpen()[(SmcMode.SmcR, ConnectionRole.Client)]);
        Assert.Equal(7, _table.Sum()[SmcMode.SmcR].BytesRead);
    }

    [Fact]
    public void What_does_not_change_is_written_out_once_however_often_it_is_reported()
    {
        _table.AddFallback(_table.NextId(), new SmcStream(new RdmaPath(), Peer, Peer, SmcReason.None), HandshakeDecision.Complete(ConnectionRole.Client));
        ConnectionReport first = Assert.Single(_table.Report()), second = Assert.Single(_table.Report());
        Assert.Equal(("c1", "127.0.0.1:4711"), (first.Id, first.Peer));
        Assert.Same(first.Id, second.Id);
        Assert.Same(first.Local, second.Local);
        Assert.Same(first.Peer, second.Peer);
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

    /// <summary>Only to be counted.</summary>
    private sealed class RdmaPath : IDataPath
    {
        public SmcMode Mode => SmcMode.SmcR;

        public SmcStatistics Statistics => new() { BytesRead = 7 };

        public ConnectionEnd Ending => ConnectionEnd.None;

        public int Read(Span<byte> buffer, int timeoutMilliseconds) => throw new NotSupportedException();

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Write(ReadOnlySpan<byte> buffer, int timeoutMilliseconds) => throw new NotSupportedException();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void ShutdownWrite() => throw new NotSupportedException();

        public void Abort(SocketError cause = SocketError.OperationAborted) => throw new NotSupportedException();

        public void Close() => throw new NotSupportedException();
    }
}
