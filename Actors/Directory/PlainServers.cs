using System.Net;

namespace Smc.Actors.Directory;

/// <summary>Servers that were sent a Proposal and did not answer in SMC, each for a while. One thread at a time.</summary>
/// <param name="hold">How long one is remembered.</param>
internal sealed class PlainServers(TimeSpan hold)
{
    /// <summary>The most that are remembered: past it the oldest goes, and may be sent one Proposal more.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<string, TimeSpan> _until = [];   // by text: an endpoint is its caller's, who may change it
    private readonly Queue<(string Server, TimeSpan Until)> _order = [];

    /// <summary>Remembers a server from now on, by a clock that is never set.</summary>
    public void Add(IPEndPoint endPoint, TimeSpan now)
    {
        while (_order.Count >= Capacity) DropOldest();
        string server = NameOf(endPoint);
        _until[server] = now + hold;
        _order.Enqueue((server, now + hold));
    }

    /// <summary>True for one that is remembered.</summary>
    public bool Contains(IPEndPoint endPoint, TimeSpan now)
    {
        while (_order.TryPeek(out (string Server, TimeSpan Until) oldest) && oldest.Until <= now) DropOldest();
        return _until.Count > 0 && _until.ContainsKey(NameOf(endPoint));
    }

    private void DropOldest()
    {
        (string server, TimeSpan until) = _order.Dequeue();
        if (_until.TryGetValue(server, out TimeSpan last) && last == until) _until.Remove(server);   // else it was added again since
    }

    private static string NameOf(IPEndPoint endPoint)
    {
        IPAddress address = endPoint.Address;
        return (address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.MapToIPv4(), endPoint.Port) : endPoint).ToString();
    }
}
