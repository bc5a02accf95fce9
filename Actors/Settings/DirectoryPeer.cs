using System.Net;
using System.Net.Sockets;

namespace Smc.Actors.Settings;

/// <summary>Somebody who speaks SMC, as <c>smc.directory.peers</c> lists it.</summary>
/// <param name="Hosts">The hosts.</param>
/// <param name="Port">The port of the server there, 1 to 65535; 0 where only connections from the hosts are meant.</param>
public readonly record struct DirectoryPeer(IPNetwork Hosts, int Port)
{
    /// <summary>Parses an address, an address/prefix or an address:port. IPv4 in four parts, IPv6 in brackets before a port.</summary>
    public static bool TryParse(string text, out DirectoryPeer peer)
    {
        peer = default;
        if (text.Contains('/')) return TryParseHosts(text, out peer);
        bool isEndPoint = text.StartsWith('[') || text.Count(c => c == ':') == 1;
        if (!IPEndPoint.TryParse(text, out IPEndPoint? server) || isEndPoint != server.Port > 0) return false;
        IPAddress address = Unmap(server.Address);
        if (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3) return false;
        peer = new DirectoryPeer(new IPNetwork(address, address.GetAddressBytes().Length * 8), server.Port);
        return true;
    }

    /// <summary>True for an address of one of the hosts, also where it is mapped into IPv6.</summary>
    public bool Contains(IPAddress address) => Hosts.Contains(Unmap(address));

    private static bool TryParseHosts(string text, out DirectoryPeer peer)
    {
        bool isNetwork = IPNetwork.TryParse(text, out IPNetwork hosts) && hosts.BaseAddress.Equals(IPAddress.Parse(text[..text.IndexOf('/')]));
        peer = isNetwork ? new DirectoryPeer(hosts, 0) : default;
        return isNetwork;
    }

    private static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
