using System.Collections.Concurrent;
using System.Net;
using Smc.Peer.Handshakes;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Cdc;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Hostile;

/// <summary>A client that goes through the handshake by the rules, and then has both ends' memory in its hands, word by word.</summary>
internal sealed unsafe class HostileClient(string folder, IPEndPoint server) : ScriptedClient(folder, server)
{
    private readonly ConcurrentDictionary<uint, MappedOffer> _offers = new();
    private RingCursor _produced;

    /// <summary>The control region of the link group.</summary>
    public ControlRegion Control { get; private set; }

    /// <summary>The connection's slot.</summary>
    public int Slot { get; private set; }

    /// <summary>The peer's DMB: its first byte.</summary>
    public byte* PeerDmb { get; private set; }

    /// <summary>Bytes of the ring in the peer's DMB.</summary>
    public uint RingSize { get; private set; }

    /// <summary>All that the peer has offered.</summary>
    public IEnumerable<MappedOffer> Offers => _offers.Values;

    /// <summary>Where this end shows its producer cursor.</summary>
    public ulong* WordOne => (ulong*)(PeerDmb + SmcdCdcLayout.WordOne);

    /// <summary>Where this end shows its consumer cursor and flags.</summary>
    public ulong* WordTwo => (ulong*)(PeerDmb + SmcdCdcLayout.WordTwo);

    /// <summary>Where the peer shows its consumer cursor.</summary>
    private ulong* PeerWordTwo => (ulong*)(OwnDmb.Address + SmcdCdcLayout.WordTwo);

    /// <summary>Writes by the rules, without ringing, as far as the window goes.</summary>
    /// <returns>The bytes written.</returns>
    public int Produce(ReadOnlySpan<byte> data)
    {
        int count = Copy(data);
        Publish();
        return count;
    }

    /// <summary>Copies data into the peer's ring, and does not publish it.</summary>
    /// <returns>The bytes copied.</returns>
    public int Copy(ReadOnlySpan<byte> data)
    {
        CdcCursor consumed = SmcdCdcWords.Cursor(Volatile.Read(ref *PeerWordTwo));
        CursorMath.TryDistance(consumed, _produced.Cursor, RingSize, out uint inRing);
        int count = (int)Math.Min(RingSize - inRing, (uint)data.Length);
        for (int i = 0; i < count; i++) PeerDmb[SmcdCdcLayout.Length + ((_produced.Offset + (uint)i) % RingSize)] = data[i];
        _produced.Advance((uint)count);
        return count;
    }

    /// <summary>Publishes what was copied.</summary>
    public void Publish() => Volatile.Write(ref *WordOne, SmcdCdcWords.Pack(_produced.Cursor));

    /// <summary>Says that both directions are closed.</summary>
    public void PublishClosed() => Volatile.Write(ref *WordTwo, SmcdCdcWords.Pack(default, 0, ConnectionStateFlags.PeerConnectionClosed));

    /// <summary>Takes whoever sleeps at the peer, and wakes nobody.</summary>
    public void TakeSleepers()
    {
        SleepWord.TakeSleeper(Control.Reader(GroupSide.Server, Slot));
        SleepWord.TakeSleeper(Control.Writer(GroupSide.Server, Slot));
    }

    /// <summary>Rings for whoever sleeps at the peer, as the rules say.</summary>
    public void Ring()
    {
        Interlocked.MemoryBarrier();
        foreach (nint word in new[] { (nint)Control.Reader(GroupSide.Server, Slot), (nint)Control.Writer(GroupSide.Server, Slot) })
        {
            int kind = SleepWord.TakeSleeper((int*)word);
            if (kind == SleepWord.Thread) SleepWord.Wake((int*)word);
            else if (kind != SleepWord.Awake) RingBell();
        }
    }

    /// <summary>Rings the peer's wake thread for this connection, whoever sleeps.</summary>
    public void RingBell() => new PeerBell(Control, GroupSide.Server).Ring(Slot);

    /// <summary>Finds the words of the connection that the peer has registered a DMB for.</summary>
    public void Map(Register registered)
    {
        Slot = registered.Slot;
        Control = new ControlRegion(_offers.Values.First(offer => offer.Offer.Kind == SlabKind.ControlRegion).Region);
        MappedOffer slab = _offers[registered.Slab];
        if (!SizeClass.TryFromCode(slab.Offer.SizeCode, out SizeClass size)) throw new InvalidOperationException("no size");
        PeerDmb = slab.Region.Base + ((long)registered.Index * size.Bytes);
        RingSize = (uint)(size.Bytes - SmcdCdcLayout.Length);
        _produced = new RingCursor(RingSize);
    }

    protected override void Take(OfferSlab offer, FileDescriptor descriptor) => _offers[offer.Slab] = new MappedOffer(offer, descriptor);

    protected override void Close()
    {
        foreach (MappedOffer offer in _offers.Values) offer.Dispose();
    }
}
