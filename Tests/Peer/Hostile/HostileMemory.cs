using Smc.Transport.Memory;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;

namespace Smc.Peer.Hostile;

/// <summary>The memory of one connection in the hands of one of its ends, the other one's victim or not, word by word.</summary>
/// <param name="control">The control region of the link group.</param>
/// <param name="own">Which end this is.</param>
/// <param name="slot">The connection's slot.</param>
/// <param name="ownDmb">This end's DMB, which the victim writes to.</param>
/// <param name="peerDmb">The victim's, which this end writes to.</param>
/// <param name="shared">All that the two have mapped, but for this end's DMBs.</param>
internal sealed unsafe class HostileMemory(ControlRegion control, GroupSide own, int slot, DmbRange ownDmb, DmbRange peerDmb, IReadOnlyList<MappedOffer> shared)
{
    private RingCursor _produced = new(RingBytes(peerDmb));

    /// <summary>The control region of the link group.</summary>
    public ControlRegion Control { get; } = control;

    /// <summary>This end.</summary>
    public GroupSide Own { get; } = own;

    /// <summary>The other one.</summary>
    public GroupSide Victim { get; } = own == GroupSide.Server ? GroupSide.Client : GroupSide.Server;

    /// <summary>The connection's slot.</summary>
    public int Slot { get; } = slot;

    /// <summary>All that the two have mapped, but for this end's DMBs.</summary>
    public IReadOnlyList<MappedOffer> Shared { get; } = shared;

    /// <summary>The first byte of the victim's DMB.</summary>
    public byte* PeerDmb => peerDmb.Address;

    /// <summary>Bytes of the ring in the victim's DMB.</summary>
    public uint RingSize => RingBytes(peerDmb);

    /// <summary>Bytes of the ring in this end's DMB.</summary>
    public uint OwnRingSize => RingBytes(ownDmb);

    /// <summary>This end's DMB.</summary>
    public Span<byte> OwnBytes => new(ownDmb.Address, ownDmb.Bytes);

    /// <summary>Where this end shows its producer cursor.</summary>
    public ulong* WordOne => (ulong*)(PeerDmb + SmcdCdcLayout.WordOne);

    /// <summary>Where this end shows its consumer cursor and flags.</summary>
    public ulong* WordTwo => (ulong*)(PeerDmb + SmcdCdcLayout.WordTwo);

    /// <summary>Where the victim shows its producer cursor.</summary>
    public ulong* VictimsWordOne => (ulong*)(ownDmb.Address + SmcdCdcLayout.WordOne);

    /// <summary>Where the victim shows its consumer cursor and flags.</summary>
    public ulong* VictimsWordTwo => (ulong*)(ownDmb.Address + SmcdCdcLayout.WordTwo);

    /// <summary>Writes by the rules, without ringing, as far as the window goes.</summary>
    /// <returns>The bytes written.</returns>
    public int Produce(ReadOnlySpan<byte> data)
    {
        int count = Copy(data);
        Publish();
        return count;
    }

    /// <summary>Copies data into the victim's ring, and does not publish it.</summary>
    /// <returns>The bytes copied.</returns>
    public int Copy(ReadOnlySpan<byte> data)
    {
        CdcCursor consumed = SmcdCdcWords.Cursor(Volatile.Read(ref *VictimsWordTwo));
        CursorMath.TryDistance(consumed, _produced.Cursor, RingSize, out uint inRing);
        int count = (int)Math.Min(RingSize - inRing, (uint)data.Length);
        for (int i = 0; i < count; i++) PeerDmb[SmcdCdcLayout.Length + ((_produced.Offset + (uint)i) % RingSize)] = data[i];
        _produced.Advance((uint)count);
        return count;
    }

    /// <summary>Publishes what was copied.</summary>
    public void Publish() => Volatile.Write(ref *WordOne, SmcdCdcWords.Pack(_produced.Cursor));

    /// <summary>Shows a state, and a consumer cursor that has not moved.</summary>
    public void PublishState(ConnectionStateFlags state) => Volatile.Write(ref *WordTwo, SmcdCdcWords.Pack(default, 0, state));

    /// <summary>Says that all that has come is read, and wakes nobody.</summary>
    public void MakeRoom() => Volatile.Write(ref *WordTwo, SmcdCdcWords.Pack(SmcdCdcWords.Cursor(Volatile.Read(ref *VictimsWordOne))));

    /// <summary>Waits until the victim says that nothing more comes from it.</summary>
    public void AwaitDone() =>
        SpinWait.SpinUntil(() => (SmcdCdcWords.State(Volatile.Read(ref *VictimsWordTwo)) & ConnectionStateFlags.PeerDoneWriting) != 0);

    /// <summary>Waits until the victim has produced so many bytes in all, less than two rings.</summary>
    public void AwaitProduced(uint total)
    {
        var spin = default(SpinWait);
        while (Produced() < total) spin.SpinOnce();

        uint Produced()
        {
            CdcCursor shown = SmcdCdcWords.Cursor(Volatile.Read(ref *VictimsWordOne));
            return (shown.Wrap * OwnRingSize) + shown.Count;
        }
    }

    /// <summary>Takes whoever sleeps at the victim, and wakes nobody.</summary>
    public void TakeSleepers()
    {
        SleepWord.TakeSleeper(Control.Reader(Victim, Slot));
        SleepWord.TakeSleeper(Control.Writer(Victim, Slot));
    }

    /// <summary>Rings for whoever sleeps at the victim, as the rules say.</summary>
    public void Ring()
    {
        Interlocked.MemoryBarrier();
        foreach (nint word in new[] { (nint)Control.Reader(Victim, Slot), (nint)Control.Writer(Victim, Slot) })
        {
            int kind = SleepWord.TakeSleeper((int*)word);
            if (kind == SleepWord.Thread) SleepWord.Wake((int*)word);
            else if (kind != SleepWord.Awake) RingBell();
        }
    }

    /// <summary>Rings the victim's wake thread for this connection, whoever sleeps.</summary>
    public void RingBell() => new PeerBell(Control, Victim).Ring(Slot);

    private static uint RingBytes(DmbRange dmb) => (uint)(dmb.Bytes - SmcdCdcLayout.Length);
}
