using System.Net;

namespace Smc.Actors.Directory;

/// <summary>Servers that were sent a Proposal and did not answer in SMC, each for a while. One thread at a time.</summary>
/// <param name="hold">How long one is remembered.</param>
internal sealed class PlainServers(TimeSpan hold)
{
    /// <summary>The most that are remembered: past it the oldest goes, and may be sent one Proposal more.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<IPEndPoint, DateTimeOffset> _until = [];
    private readonly Queue<(IPEndPoint EndPoint, DateTimeOffset Until)> _order = [];

    /// <summary>Remembers a server from now on.</summary>
    public void Add(IPEndPoint endPoint, DateTimeOffset now)
    {
        while (_order.Count == Capacity) DropOldest();
        _until[endPoint] = now + hold;
        _order.Enqueue((endPoint, now + hold));
    }

    /// <summary>True for one that is remembered.</summary>
    public bool Contains(IPEndPoint endPoint, DateTimeOffset now)
    {
        while (_order.TryPeek(out (IPEndPoint EndPoint, DateTimeOffset Until) oldest) && oldest.Until <= now) DropOldest();
        return _until.ContainsKey(endPoint);
    }

    private void DropOldest()
    {
        (IPEndPoint endPoint, DateTimeOffset until) = _order.Dequeue();
        if (_until[endPoint] == until) _until.Remove(endPoint);   // else it was added again since
    }
}
