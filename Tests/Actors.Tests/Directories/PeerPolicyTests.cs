using System.Net;
using Smc.Actors.Directory;
using Smc.Actors.Settings;

namespace Actors.Tests.Directories;

public sealed class PeerPolicyTests
{
    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "10.0.0.8", false)]
    [InlineData("10.0.0.7", "::ffff:10.0.0.7", true)]
    [InlineData("10.0.0.0/24", "10.0.0.255", true)]
    [InlineData("10.0.0.0/24", "10.0.1.0", false)]
    [InlineData("10.0.0.7:5000", "10.0.0.7", true)]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7", true)]
    [InlineData("fd00::7", "fd00::7", true)]
    [InlineData("fd00::/64", "fd00::1:2:3:4", true)]
    [InlineData("fd00::/64", "10.0.0.7", false)]
    [InlineData("[fd00::7]:5000", "fd00::7", true)]
    public void Connections_from_listed_hosts_are_sniffed(string listed, string remote, bool sniffs) =>
        Assert.Equal(sniffs, PolicyOf(listed).Sniffs(IPAddress.Parse(remote)));

    [Theory]
    [InlineData("10.0.0.7:5000", "10.0.0.7:5000", true)]
    [InlineData("10.0.0.7:5000", "[::ffff:10.0.0.7]:5000", true)]
    [InlineData("10.0.0.7:5000", "10.0.0.7:5001", false)]
    [InlineData("10.0.0.7:5000", "10.0.0.8:5000", false)]
    [InlineData("10.0.0.7", "10.0.0.7:5000", false)]
    [InlineData("10.0.0.0/24", "10.0.0.7:5000", false)]
    [InlineData("[fd00::7]:5000", "[fd00::7]:5000", true)]
    public void A_Proposal_goes_to_a_server_only_that_is_listed_with_its_port(string listed, string server, bool proposes) =>
        Assert.Equal(proposes, PolicyOf(listed).Proposes(IPEndPoint.Parse(server)));

    [Fact]
    public void Always_is_everybody_and_never_is_nobody_whoever_is_listed()
    {
        var server = new IPEndPoint(IPAddress.Parse("10.0.0.7"), 5000);
        DirectoryPeer[] listed = [PeerOf("10.0.0.7:5000")];
        Assert.True(new PeerPolicy(Negotiation.Always, []).Proposes(server));
        Assert.True(new PeerPolicy(Negotiation.Always, []).Sniffs(server.Address));
        Assert.False(new PeerPolicy(Negotiation.Never, listed).Proposes(server));
        Assert.False(new PeerPolicy(Negotiation.Never, listed).Sniffs(server.Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.7:70000")]
    [InlineData("10.0.0.7:0")]
    [InlineData("10.0.0.7/24")]
    [InlineData("fd00::7/64")]
    [InlineData("7000")]
    [InlineData("10.7")]
    public void What_is_no_peer_is_refused(string text) => Assert.False(DirectoryPeer.TryParse(text, out _));

    [Fact]
    public void Servers_without_SMC_are_forgotten_one_by_one_and_the_oldest_first_where_there_are_too_many()
    {
        var start = TimeSpan.FromHours(1);
        var plain = new PlainServers(TimeSpan.FromSeconds(10));
        plain.Add(Server(1), start);
        plain.Add(Server(2), start + TimeSpan.FromSeconds(5));
        plain.Add(Server(1), start + TimeSpan.FromSeconds(6));
        Assert.True(plain.Contains(Server(1), start + TimeSpan.FromSeconds(15)));
        Assert.False(plain.Contains(Server(2), start + TimeSpan.FromSeconds(15)));
        Assert.False(plain.Contains(Server(1), start + TimeSpan.FromSeconds(16)));
        for (int port = 1; port <= PlainServers.Capacity + 1; port++) plain.Add(Server(port), start + TimeSpan.FromSeconds(20));
        Assert.False(plain.Contains(Server(1), start + TimeSpan.FromSeconds(20)));
        Assert.True(plain.Contains(Server(2), start + TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_server_that_is_added_twice_at_once_is_forgotten_once()
    {
        var plain = new PlainServers(TimeSpan.FromSeconds(10));
        IPEndPoint server = Server(1);
        plain.Add(server, TimeSpan.Zero);
        plain.Add(server, TimeSpan.Zero);
        Assert.True(plain.Contains(new IPEndPoint(server.Address.MapToIPv6(), 1), TimeSpan.Zero));
        server.Port = 2;
        Assert.False(plain.Contains(Server(1), TimeSpan.FromSeconds(10)));
    }

    private static IPEndPoint Server(int port) => new(IPAddress.Loopback, port);

    private static PeerPolicy PolicyOf(string listed) => new(Negotiation.Directory, [PeerOf(listed)]);

    private static DirectoryPeer PeerOf(string text)
    {
        Assert.True(DirectoryPeer.TryParse(text, out DirectoryPeer peer));
        return peer;
    }
}
