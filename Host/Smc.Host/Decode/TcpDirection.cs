namespace Smc.Host.Decode;

/// <summary>One direction of a TCP connection, put in order as far as its reader wants it.</summary>
/// <remarks>Segments that come early are kept, up to a limit; what came already is passed over. Sequence numbers wrap.</remarks>
internal sealed class TcpDirection(ClcReader reader)
{
    private const int MaxEarly = 64;

    private readonly List<(uint Sequence, byte[] Data)> _early = [];
    private bool _isOpen;
    private uint _first;
    private uint _next;

    /// <summary>Takes a segment of this direction.</summary>
    public void Take(in TcpSegment segment, int frame, decimal time)
    {
        if (segment.IsSyn && (!_isOpen || segment.Sequence != _first))
        {
            _early.Clear();
            reader.Begin();
            Open(segment.Sequence);
        }
        if (segment.Data.IsEmpty || reader.IsDone) return;
        if (!_isOpen) Open(segment.Sequence); // the capture began later than the connection
        if (!TryPass(segment.Sequence, segment.Data, frame, time))
        {
            if (_early.Count < MaxEarly) _early.Add((segment.Sequence, segment.Data.ToArray()));
            return;
        }
        int index;
        while ((index = _early.FindIndex(e => Distance(e.Sequence) <= 0)) >= 0)
        {
            (uint sequence, byte[] data) = _early[index];
            _early.RemoveAt(index);
            TryPass(sequence, data, frame, time);
        }
        if (reader.IsDone) _early.Clear();
    }

    private void Open(uint sequence)
    {
        _isOpen = true;
        _first = _next = sequence;
    }

    /// <returns>False when bytes before these are missing.</returns>
    private bool TryPass(uint sequence, ReadOnlySpan<byte> data, int frame, decimal time)
    {
        int ahead = Distance(sequence);
        if (ahead > 0) return false;
        if (-(long)ahead >= data.Length) return true; // all of it came already
        ReadOnlySpan<byte> fresh = data[-ahead..];
        _next += (uint)fresh.Length;
        reader.Take(fresh, frame, time);
        return true;
    }

    private int Distance(uint sequence) => (int)(sequence - _next);
}
