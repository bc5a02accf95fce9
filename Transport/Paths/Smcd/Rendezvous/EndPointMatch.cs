using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>Finds the listeners that a connection to an endpoint would reach, as the kernel would route it.</summary>
internal static class EndPointMatch
{
    /// <summary>How long the addresses of this host are taken to stay the same, in milliseconds.</summary>
    private const long AddressLifetimeMilliseconds = 5000;

    private static HashSet<IPAddress> _localAddresses = [];
    private static long _localAddressesUntil;

    /// <summary>How well a listener fits: an exact address beats a wildcard, as in the kernel.</summary>
    public enum Fit
    {
        /// <summary>A connection would not reach it.</summary>
        None = 0,

        /// <summary>It listens on every address.</summary>
        Wildcard = 1,

        /// <summary>It listens on this address.</summary>
        Exact = 2,
    }

    /// <summary>Compares a published listener with a destination.</summary>
    /// <param name="listener">As bound.</param>
    /// <param name="sameNamespace">True where it is in the network namespace of the one who connects.</param>
    /// <param name="destination">Not mapped: IPv4 stays IPv4.</param>
    public static Fit Of(IPEndPoint listener, bool sameNamespace, IPEndPoint destination)
    {
        if (listener.Port != destination.Port) return Fit.None;
        IPAddress bound = Unmap(listener.Address);
        bool isLoopback = IPAddress.IsLoopback(destination.Address);
        if (bound.Equals(destination.Address)) return sameNamespace || !isLoopback ? Fit.Exact : Fit.None;
        bool coversFamily = bound.Equals(IPAddress.IPv6Any)
            || (bound.Equals(IPAddress.Any) && destination.AddressFamily == AddressFamily.InterNetwork);
        return coversFamily && sameNamespace && (isLoopback || IsLocal(destination.Address)) ? Fit.Wildcard : Fit.None;
    }

    /// <summary>True for an address of this network namespace.</summary>
    public static bool IsLocal(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return true;
        if (Environment.TickCount64 >= Volatile.Read(ref _localAddressesUntil))
        {
            Volatile.Write(ref _localAddresses, ReadLocalAddresses());
            Volatile.Write(ref _localAddressesUntil, Environment.TickCount64 + AddressLifetimeMilliseconds);
        }

        return Volatile.Read(ref _localAddresses).Contains(address);
    }

    /// <summary>IPv4 addresses in IPv6 clothes become IPv4.</summary>
    public static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <inheritdoc cref="Unmap(IPAddress)" />
    public static IPEndPoint Unmap(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private static HashSet<IPAddress> ReadLocalAddresses()
    {
        var found = new HashSet<IPAddress>();
        try
        {
            foreach (NetworkInterface adapter in NetworkInterface.GetAllNetworkInterfaces())
            {
                foreach (UnicastIPAddressInformation unicast in adapter.GetIPProperties().UnicastAddresses) found.Add(unicast.Address);
            }
        }
        catch (NetworkInformationException)
        {
            return found;   // then only loopback addresses are known to be local
        }

        return found;
    }
}
