using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>The SMC-D devices of a Proposal, usable in foreach.</summary>
/// <remarks>
/// An emulated device takes two consecutive entries with equal CHID, one for each half of its GID; an entry without its
/// second half is passed over. An empty slot, with CHID 0, is no device and never matches one.
/// </remarks>
public ref struct SmcdDeviceEnumerator
{
    private readonly SmcdDeviceId _native;
    private ReadOnlySpan<byte> _entries;
    private bool _nativeDone;

    internal SmcdDeviceEnumerator(SmcdDeviceId native, ReadOnlySpan<byte> entries)
    {
        _native = native;
        _entries = entries;
    }

    /// <summary>The device that <see cref="MoveNext"/> found.</summary>
    public SmcdDeviceId Current { get; private set; }

    /// <summary>This enumerator.</summary>
    public readonly SmcdDeviceEnumerator GetEnumerator() => this;

    /// <summary>Finds the next device; at most nine.</summary>
    public bool MoveNext()
    {
        if (!_nativeDone)
        {
            _nativeDone = true;
            Current = _native;
            if (_native is { Chid: not 0, IsEmulated: false })
                return true;
        }
        while (TryTakeEntry(out ulong gid, out ushort chid))
        {
            if (chid == 0)
                continue;
            if (!SmcdDeviceId.IsEmulatedChid(chid))
                return Found(new(new(gid, 0), chid));
            if (NextChid() == chid && TryTakeEntry(out ulong extension, out _))
                return Found(new(new(gid, extension), chid));
        }
        return false;
    }

    private bool Found(SmcdDeviceId device)
    {
        Current = device;
        return true;
    }

    private readonly ushort NextChid() =>
        _entries.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(_entries[ProposalLayout.SmcdV2.EntryChid..]);

    private bool TryTakeEntry(out ulong gid, out ushort chid)
    {
        chid = NextChid();
        gid = _entries.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(_entries);
        if (_entries.IsEmpty)
            return false;
        _entries = _entries[ProposalLayout.SmcdV2.EntryLength..];
        return true;
    }
}
