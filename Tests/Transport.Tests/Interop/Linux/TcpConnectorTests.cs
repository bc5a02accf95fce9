using System.Net;
using System.Net.Sockets;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

public sealed class TcpConnectorTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    public async Task Within_the_host_it_is_connected_at_once_from_the_port_it_named(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        using TcpConnector connector = Open((IPEndPoint)listener.LocalEndpoint);
        Assert.True(connector.TryBind());
        Assert.NotEqual(0, connector.Local.Port);
        Assert.Equal(SocketError.Success, Finished(connector));

        using Socket socket = connector.Take();
        using Socket accepted = listener.AcceptSocket();
        Assert.Equal((connector.Local, listener.LocalEndpoint), (accepted.RemoteEndPoint, socket.RemoteEndPoint));
        Assert.True(socket.Connected && socket.NoDelay);
        Assert.False(socket.Blocking);
        Assert.Equal(0, socket.Receive(new byte[1], SocketFlags.None, out SocketError nothing));
        Assert.Equal(SocketError.WouldBlock, nothing);

        socket.Blocking = true;
        Task<int> receiving = HangGuard.OnThread(() => socket.Receive(new byte[10]));
        accepted.Send([1, 2, 3]);
        Assert.Equal(3, await receiving.Guarded());
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var at = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        using TcpConnector connector = Open(at);
        Assert.True(connector.TryBind());
        Assert.Equal(SocketError.ConnectionRefused, Finished(connector));
    }

    [Fact]
    public void An_address_of_another_host_is_not_bound_to()
    {
        using TcpConnector connector = Open(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 80));
        Assert.False(connector.TryBind());
    }

    [Fact]
    public void A_listener_that_takes_nobody_leaves_it_in_progress()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen(0);
        var open = new List<TcpConnector>();
        SocketError last = SocketError.Success;
        for (int i = 0; i < 10 && last == SocketError.Success; i++)   // the kernel's queue has room for a few
        {
            open.Add(Open((IPEndPoint)listener.LocalEndPoint!));
            last = open[^1].Begin();
        }

        Assert.Equal(SocketError.InProgress, last);
        Assert.Equal(SocketError.InProgress, open[^1].Finish());
        foreach (TcpConnector connector in open) connector.Dispose();
    }

    private static TcpConnector Open(IPEndPoint at)
    {
        Assert.Equal(SocketError.Success, TcpConnector.TryOpen(at, out TcpConnector? connector));
        return connector!;
    }

    private static SocketError Finished(TcpConnector connector)
    {
        SocketError state = connector.Begin();
        HangGuard.Until(() => state != SocketError.InProgress || (state = connector.Finish()) != SocketError.InProgress, "an answer");
        return state;
    }
}
