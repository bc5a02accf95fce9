using System.Net;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Transport.Tests.Wire.Rendezvous;

public sealed class RendezvousEndPointTests
{
    [Theory]
    [InlineData("127.0.0.1:7000", "127.0.0.1:7000")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::]:80", "[::]:80")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData("[2001:db8::7]:443", "[2001:db8::7]:443")]
    [InlineData("[::ffff:10.0.0.1]:5001", "10.0.0.1:5001")]
    [InlineData("[fe80::1%3]:5001", "[fe80::1]:5001")]
    public void An_end_point_survives_as_a_value(string text, string expected)
    {
        RendezvousEndPoint value = RendezvousEndPoint.From(IPEndPoint.Parse(text));
        Assert.Equal(IPEndPoint.Parse(expected), value.ToIPEndPoint());
        Assert.Equal(expected, value.ToString());
    }

    [Fact]
    public void A_mapped_address_and_its_IPv4_form_are_one_dictionary_key()
    {
        RendezvousEndPoint plain = RendezvousEndPoint.From(IPEndPoint.Parse("10.0.0.1:5001"));
        RendezvousEndPoint mapped = RendezvousEndPoint.From(IPEndPoint.Parse("[::ffff:10.0.0.1]:5001"));
        Assert.True(plain == mapped);
        Assert.Equal(plain.GetHashCode(), mapped.GetHashCode());
        Assert.Contains(mapped, new Dictionary<RendezvousEndPoint, int> { [plain] = 1 }.Keys);
    }

    [Fact]
    public void Addresses_of_different_families_or_ports_differ()
    {
        RendezvousEndPoint any4 = RendezvousEndPoint.From(new IPEndPoint(IPAddress.Any, 80));
        Assert.True(any4 != RendezvousEndPoint.From(new IPEndPoint(IPAddress.IPv6Any, 80)));
        Assert.False(any4.Equals((object)RendezvousEndPoint.From(new IPEndPoint(IPAddress.Any, 81))));
        Assert.Equal(default, RendezvousEndPoint.From(new IPEndPoint(IPAddress.Any, 0)));
    }

    [Fact]
    public void A_mapped_address_in_a_frame_is_read_as_IPv4()
    {
        byte[] bytes = Convert.FromHexString("06001389" + "00000000000000000000ffff0a000001");
        Assert.Equal(WireError.None, RendezvousEndPoint.TryRead(bytes, out RendezvousEndPoint value));
        Assert.Equal("10.0.0.1:5001", value.ToString());
    }
}
