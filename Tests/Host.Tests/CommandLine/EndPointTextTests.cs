using System.Net;
using Smc.Host.CommandLine;

namespace Smc.Host.Tests.CommandLine;

public sealed class EndPointTextTests
{
    [Theory]
    [InlineData("127.0.0.1:7000", "127.0.0.1", 7000)]
    [InlineData("localhost:0", "localhost", 0)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData(":7000", "", 7000)]
    [InlineData("7000", "", 7000)]
    public void A_well_formed_endpoint_is_read(string text, string host, int port) =>
        Assert.Equal(new EndPointText(host, port), EndPointText.Parse(text));

    [Theory]
    [InlineData("", "missing")]
    [InlineData("127.0.0.1", "port is missing")]
    [InlineData("localhost", "port is missing")]
    [InlineData("localhost:http", "port must be 0 to 65535, was 'http'")]
    [InlineData("localhost:", "port must be 0 to 65535, was ''")]
    [InlineData("localhost:65536", "was '65536'")]
    [InlineData("localhost:-1", "was '-1'")]
    [InlineData("localhost:+1", "was '+1'")]
    [InlineData("99999999999", "was '99999999999'")]
    [InlineData("::1:7000", "in brackets")]
    [InlineData("[::1]", "brackets must hold an IPv6 address")]
    [InlineData("[127.0.0.1]:7000", "brackets must hold an IPv6 address")]
    [InlineData("[::1:7000", "brackets must hold an IPv6 address")]
    [InlineData("a b:7000", "no host name")]
    public void A_malformed_endpoint_says_what_is_wrong(string text, string complaint)
    {
        var failure = Assert.Throws<CommandFailure>(() => EndPointText.Parse(text));
        Assert.Equal(ExitCode.Usage, failure.Code);
        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_it_listens_on_any_address_and_connects_to_loopback()
    {
        var endPoint = EndPointText.Parse(":7000");
        Assert.Equal(new IPEndPoint(IPAddress.Any, 7000), await endPoint.ToListenAsync(CancellationToken.None));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7000), endPoint.ToConnect());
    }

    [Fact]
    public void A_name_is_left_to_the_connection_to_resolve() =>
        Assert.Equal(new DnsEndPoint("example.test", 80), EndPointText.Parse("example.test:80").ToConnect());

    [Fact]
    public void Nobody_connects_to_port_0() => Assert.Throws<CommandFailure>(() => EndPointText.Parse("localhost:0").ToConnect());
}
