using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Host.Decode;

/// <summary>Finds the CLC messages at the start of one direction of a TCP connection.</summary>
/// <remarks>They end with a Decline, or at the first bytes that are none: from there on the stream is the application's.</remarks>
internal sealed class ClcReader(string from, string to, List<WireRecord> records)
{
    private byte[]? _buffer;
    private int _count;
    private int _frame;
    private decimal _time;

    /// <summary>True when no more messages can come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>A new connection begins between the same end points.</summary>
    public void Begin()
    {
        _count = 0;
        IsDone = false;
    }

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Take(ReadOnlySpan<byte> bytes, int frame, decimal time)
    {
        (_frame, _time) = (frame, time);
        _buffer ??= new byte[ClcFraming.MaxLength];
        while (!IsDone && !bytes.IsEmpty)
        {
            if (!TryFill(ref bytes, ClcHeader.Size)) return;
            WireError error = ClcHeader.TryRead(_buffer.AsSpan(0, ClcHeader.Size), out ClcHeader header);
            if (error == WireError.None) error = ClcFraming.TryGetLength(_buffer, header.Type, out _);
            if (error != WireError.None)
            {
                if (error != WireError.WrongEyecatcher) Add(ClcHeader.Size, error);
                Stop();
                return;
            }
            if (!TryFill(ref bytes, header.Length)) return;
            Add(header.Length, WireError.None);
            if (header.Type == ClcType.Decline) Stop();
        }
    }

    /// <summary>The capture ends: a message that has begun is shown as cut short.</summary>
    public void End()
    {
        if (_count >= ClcHeader.Size) Add(_count, WireError.Truncated);
        Stop();
    }

    /// <returns>False when more bytes must come first.</returns>
    private bool TryFill(ref ReadOnlySpan<byte> bytes, int length)
    {
        int taken = Math.Clamp(length - _count, 0, bytes.Length);
        bytes[..taken].CopyTo(_buffer.AsSpan(_count));
        bytes = bytes[taken..];
        _count += taken;
        return _count >= length;
    }

    private void Add(int length, WireError error)
    {
        records.Add(ClcRecord.From(_frame, _time, from, to, _buffer.AsSpan(0, length), error));
        _count = 0;
    }

    private void Stop()
    {
        IsDone = true;
        _count = 0;
        _buffer = null;
    }
}
