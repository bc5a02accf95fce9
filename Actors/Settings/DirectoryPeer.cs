using System.Net;

namespace Smc.Actors.Settings;

/// <summary>Somebody who speaks SMC, as <c>smc.directory.peers</c> lists it.</summary>
/// <param name="Hosts">The hosts.</param>
/// <param name="Port">The port of the server there, 1 to 65535; 0 where only connections from the hosts are meant.</param>
public readonly record struct DirectoryPeer(IPNetwork Hosts, int Port)
{
    /// <summary>Parses an address, an address/prefix or an address:port.</summary>
    public static bool TryParse(string text, out DirectoryPeer peer)
    {
        if (IPNetwork.TryParse(text, out IPNetwork hosts))
        {
            peer = new DirectoryPeer(hosts, 0);
            return true;
        }

        bool isEndPoint = IPEndPoint.TryParse(text, out IPEndPoint? server);
        peer = isEndPoint ? new DirectoryPeer(new IPNetwork(server!.Address, server.Address.GetAddressBytes().Length * 8), server.Port) : default;
        return isEndPoint;
    }

    /// <summary>True for an address of one of the hosts, also where it is mapped into IPv6.</summary>
    public bool Contains(IPAddress address) => Hosts.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
