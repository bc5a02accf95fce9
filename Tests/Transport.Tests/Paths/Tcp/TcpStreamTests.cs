using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths.Tcp;
using Smc.Transport.Tests.Conformance;

namespace Smc.Transport.Tests.Paths.Tcp;

public sealed class TcpStreamTests : StreamConformance<TcpFixture>
{
    [Fact]
    public void It_says_that_it_is_TCP_and_why()
    {
        Assert.Equal((SmcMode.Tcp, SmcReason.NotPublished), (Client.Mode, Client.FallbackReason));
        Assert.Equal((SmcReasons.Sentence(SmcReason.NotPublished), SmcReasons.Remedy(SmcReason.NotPublished)), (Client.FallbackSentence, Client.FallbackRemedy));
        Assert.Equal(Client.LocalEndPoint, Server.RemoteEndPoint);
    }

    [Fact]
    public async Task What_was_read_before_the_stream_began_comes_first()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).Guarded();
        var path = new TcpPath(await listener.AcceptSocketAsync().Guarded(), "early"u8.ToArray());
        byte[] buffer = new byte[3];
        Assert.Equal(3, path.Read(buffer, -1));
        Assert.Equal("ear"u8.ToArray(), buffer);
        Assert.Equal(2, await path.ReadAsync(new byte[10], CancellationToken.None).Guarded());
        await client.GetStream().WriteAsync(new byte[] { 7 }).AsTask().Guarded();
        Assert.Equal(1, await path.ReadAsync(buffer, CancellationToken.None).Guarded());
        Assert.Equal((7, 6L), (buffer[0], path.Statistics.BytesRead));
        path.Close();
    }

    [Fact]
    public async Task Its_end_is_told_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).Guarded();
        int told = 0;
        var path = new TcpPath(await listener.AcceptSocketAsync().Guarded(), closed: () => told++);
        path.Close();
        path.Abort();
        path.Close();
        Assert.Equal(1, told);
    }
}
