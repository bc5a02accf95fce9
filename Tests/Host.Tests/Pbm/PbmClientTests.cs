using System.Net;
using System.Net.Sockets;
using Smc.Host.CommandLine;
using Smc.Host.Pbm;

namespace Smc.Host.Tests.Pbm;

/// <summary>A host that does what it should not.</summary>
public sealed class PbmClientTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public PbmClientTests() => _listener.Start();

    [Fact]
    public async Task One_that_says_nothing_is_not_waited_for()
    {
        using PbmClient client = await ConnectAsync();
        using Socket host = await _listener.AcceptSocketAsync();
        Assert.Equal("the host does not answer.", (await Assert.ThrowsAsync<CommandFailure>(() => ExecuteAsync(client, TimeSpan.FromMilliseconds(50)))).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_leaves_is_named(bool byReset)
    {
        using PbmClient client = await ConnectAsync();
        using (Socket host = await _listener.AcceptSocketAsync())
        {
            if (byReset) host.LingerState = new LingerOption(true, 0);
        }

        CommandFailure failure = await Assert.ThrowsAsync<CommandFailure>(() => ExecuteAsync(client, TimeSpan.FromMinutes(1)));
        Assert.Equal("the host has closed the connection.", failure.Message);
    }

    [Fact]
    public async Task One_that_says_that_it_goes_on_is_waited_for()
    {
        using PbmClient client = await ConnectAsync();
        using Socket host = await _listener.AcceptSocketAsync();
        await host.SendAsync("""
            {"msg":"","final":false,"error":false}
            {"msg":"last","final":true,"error":true}

            """u8.ToArray());
        var printed = new List<string>();
        Assert.False(await client.ExecuteAsync("smc info", printed.Add, CancellationToken.None));
        Assert.Equal(["last"], printed);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\n")]
    [InlineData("{}\n")]
    [InlineData("17\n")]
    public async Task One_that_speaks_otherwise_is_no_command_host(string says)
    {
        using PbmClient client = await ConnectAsync();
        using Socket host = await _listener.AcceptSocketAsync();
        await host.SendAsync(System.Text.Encoding.ASCII.GetBytes(says));
        Assert.Equal("who listens there is no command host.", (await Assert.ThrowsAsync<CommandFailure>(() => ExecuteAsync(client, TimeSpan.FromMinutes(1)))).Message);
    }

    public void Dispose() => _listener.Dispose();

    private static Task<bool> ExecuteAsync(PbmClient client, TimeSpan patience) => client.ExecuteAsync("smc info", _ => { }, patience, CancellationToken.None);

    private Task<PbmClient> ConnectAsync() => PbmClient.ConnectAsync(_listener.LocalEndpoint, CancellationToken.None);
}
