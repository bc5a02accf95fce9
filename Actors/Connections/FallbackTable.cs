using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;

namespace Smc.Actors.Connections;

/// <summary>
/// Fallbacks by reason, all of them, and by peer and reason, the latest: whoever connects from many addresses displaces rows and not counts.
/// Written where a connection begins, a few thousand times a second at most; read by any thread.
/// </summary>
internal sealed class FallbackTable(TimeProvider time)
{
    /// <summary>Rows that are kept; the one that was counted the longest ago goes.</summary>
    public const int MostRows = 1024;

    private readonly Lock _turn = new();
    private readonly Dictionary<SmcReason, long> _reasons = [];
    private readonly Dictionary<Key, LinkedListNode<FallbackReport>> _rows = [];
    private readonly LinkedList<FallbackReport> _latest = new();

    /// <summary>Fallbacks so far, by reason.</summary>
    public IReadOnlyDictionary<SmcReason, long> Reasons()
    {
        lock (_turn) return new Dictionary<SmcReason, long>(_reasons);
    }

    /// <summary>The rows, the latest first.</summary>
    public IReadOnlyList<FallbackReport> Report()
    {
        lock (_turn) return [.. _latest];
    }

    /// <summary>Counts a fallback.</summary>
    public void Add(string peer, HandshakeDecision decision)
    {
        lock (_turn) Enter(Key.Of(peer, decision));
    }

    /// <summary>Counts a fallback under another reason than it was counted with. Nobody sees it under neither.</summary>
    public void Recount(string peer, HandshakeDecision from, HandshakeDecision to)
    {
        lock (_turn)
        {
            _reasons[from.Reason] = _reasons.GetValueOrDefault(from.Reason) - 1;
            if (_rows.TryGetValue(Key.Of(peer, from), out LinkedListNode<FallbackReport>? row))
            {
                if (row.Value.Times.Count == 1) Drop(row);
                else row.Value = row.Value with { Times = row.Value.Times with { Count = row.Value.Times.Count - 1 } };
            }

            Enter(Key.Of(peer, to));
        }
    }

    private void Enter(Key key)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        _reasons[key.Reason] = _reasons.GetValueOrDefault(key.Reason) + 1;
        Counted times = _rows.Remove(key, out LinkedListNode<FallbackReport>? row)
            ? row.Value.Times with { Count = row.Value.Times.Count + 1, Last = now }
            : new Counted(1, now, now);
        if (row is not null) _latest.Remove(row);
        else if (_rows.Count == MostRows) Drop(_latest.Last!);
        _rows[key] = _latest.AddFirst(new FallbackReport(key.Peer, key.Role, key.Reason, key.PeerReason, times));
    }

    private void Drop(LinkedListNode<FallbackReport> row)
    {
        _latest.Remove(row);
        _rows.Remove(new Key(row.Value.Peer, row.Value.Role, row.Value.Reason, row.Value.PeerReason));
    }

    private readonly record struct Key(string Peer, ConnectionRole Role, SmcReason Reason, SmcReason PeerReason)
    {
        public static Key Of(string peer, HandshakeDecision decision) => new(peer, decision.Role, decision.Reason, decision.PeerReason);
    }
}
