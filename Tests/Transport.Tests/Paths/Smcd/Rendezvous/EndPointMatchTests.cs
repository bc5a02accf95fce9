using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

public sealed class EndPointMatchTests
{
    [Theory]
    // exact
    [InlineData("127.0.0.1:80", true, "127.0.0.1:80", EndPointMatch.Fit.Exact)]
    [InlineData("[::1]:80", true, "[::1]:80", EndPointMatch.Fit.Exact)]
    [InlineData("192.0.2.1:80", true, "192.0.2.1:80", EndPointMatch.Fit.Exact)]
    [InlineData("[2001:db8::1]:80", true, "[2001:db8::1]:80", EndPointMatch.Fit.Exact)]
    // another port, another address
    [InlineData("127.0.0.1:80", true, "127.0.0.1:81", EndPointMatch.Fit.None)]
    [InlineData("127.0.0.1:80", true, "127.0.0.2:80", EndPointMatch.Fit.None)]
    [InlineData("[::1]:80", true, "127.0.0.1:80", EndPointMatch.Fit.None)]
    // wildcards
    [InlineData("0.0.0.0:80", true, "127.0.0.1:80", EndPointMatch.Fit.Wildcard)]
    [InlineData("0.0.0.0:80", true, "127.0.0.9:80", EndPointMatch.Fit.Wildcard)]
    [InlineData("0.0.0.0:80", true, "[::1]:80", EndPointMatch.Fit.None)]
    [InlineData("0.0.0.0:81", true, "127.0.0.1:80", EndPointMatch.Fit.None)]
    [InlineData("[::]:80", true, "[::1]:80", EndPointMatch.Fit.Wildcard)]
    [InlineData("[::]:80", true, "127.0.0.1:80", EndPointMatch.Fit.Wildcard)]              // dual-stack
    [InlineData("0.0.0.0:80", true, "192.0.2.1:80", EndPointMatch.Fit.None)]               // not an address of this host
    [InlineData("[::]:80", true, "[2001:db8::1]:80", EndPointMatch.Fit.None)]
    // IPv4 in IPv6 clothes
    [InlineData("[::ffff:127.0.0.1]:80", true, "127.0.0.1:80", EndPointMatch.Fit.Exact)]
    [InlineData("[::ffff:0.0.0.0]:80", true, "127.0.0.1:80", EndPointMatch.Fit.Wildcard)]
    // another network namespace: loopback means another host there, and nobody knows whose a wildcard is
    [InlineData("127.0.0.1:80", false, "127.0.0.1:80", EndPointMatch.Fit.None)]
    [InlineData("[::1]:80", false, "[::1]:80", EndPointMatch.Fit.None)]
    [InlineData("0.0.0.0:80", false, "127.0.0.1:80", EndPointMatch.Fit.None)]
    [InlineData("[::]:80", false, "[::1]:80", EndPointMatch.Fit.None)]
    [InlineData("192.0.2.1:80", false, "192.0.2.1:80", EndPointMatch.Fit.Exact)]
    internal void A_listener_fits_as_the_kernel_would_route(string listener, bool sameNamespace, string destination, EndPointMatch.Fit expected) =>
        Assert.Equal(expected, EndPointMatch.Of(IPEndPoint.Parse(listener), sameNamespace, IPEndPoint.Parse(destination)));

    [Fact]
    public void A_wildcard_reaches_every_address_of_this_host_in_its_own_namespace()
    {
        IPAddress[] own = [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork)];
        Assert.All(own, address =>
        {
            Assert.True(EndPointMatch.IsLocal(address));
            Assert.Equal(EndPointMatch.Fit.Wildcard, EndPointMatch.Of(new IPEndPoint(IPAddress.Any, 80), true, new IPEndPoint(address, 80)));
            Assert.Equal(EndPointMatch.Fit.None, EndPointMatch.Of(new IPEndPoint(IPAddress.Any, 80), false, new IPEndPoint(address, 80)));
        });
        Assert.True(EndPointMatch.IsLocal(IPAddress.IPv6Loopback));
        Assert.False(EndPointMatch.IsLocal(IPAddress.Parse("192.0.2.1")));
    }

    [Theory]
    [InlineData("[::ffff:10.1.2.3]:99", "10.1.2.3:99")]
    [InlineData("10.1.2.3:99", "10.1.2.3:99")]
    [InlineData("[::1]:99", "[::1]:99")]
    public void Unmapping_touches_mapped_addresses_alone(string from, string to) =>
        Assert.Equal(IPEndPoint.Parse(to), EndPointMatch.Unmap(IPEndPoint.Parse(from)));
}
