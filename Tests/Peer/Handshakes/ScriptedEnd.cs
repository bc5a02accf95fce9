using System.Collections.Concurrent;
using System.Net.Sockets;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Handshakes;

/// <summary>
/// One end of a handshake, step by step, by whoever drives it: what a well-behaved runtime does and, where a test wants it, what none would do.
/// </summary>
public abstract class ScriptedEnd : IGroupFrameObserver, IDisposable
{
    /// <summary>Past this a step hangs.</summary>
    protected static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<Mapped> _mapped = NewPromise<Mapped>();
    private readonly TaskCompletionSource<Refused> _refused = NewPromise<Refused>();
    private readonly TaskCompletionSource<Register> _registered = NewPromise<Register>();
    private readonly TaskCompletionSource<OfferSlab> _offered = NewPromise<OfferSlab>();
    private readonly TaskCompletionSource<Detach> _detached = NewPromise<Detach>();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<SmcReason>> _answers = new();
    private readonly ConcurrentBag<IDisposable> _owned = [];

    protected ScriptedEnd(string folder)
    {
        Rendezvous = HostRendezvous.TryStart(folder, SmcGid.NewRandom(), this, ownThread: true, out string problem)
            ?? throw new InvalidOperationException(problem);
    }

    /// <summary>This end's place in the folder.</summary>
    public HostRendezvous Rendezvous { get; }

    /// <summary>The control socket, once there is one.</summary>
    public PeerSession Session { get; protected set; } = null!;

    /// <summary>The TCP connection, once there is one.</summary>
    public Socket Socket { get; protected set; } = null!;

    /// <summary>Names the attempt.</summary>
    public ulong Nonce { get; protected set; }

    /// <summary>This end's DMB, once it has offered one.</summary>
    protected DmbRange OwnDmb { get; private set; }

    /// <summary>The EID that every runtime has.</summary>
    protected static Ueid Eid => Ueid.TryParse("SMC-ACTORS-DEFAULT-UEID", out Ueid eid) ? eid : default;

    /// <summary>The peer has offered DMBs, and has been told that they are mapped here.</summary>
    public Task<OfferSlab> OfferedAsync() => _offered.Task.WaitAsync(HangGuard);

    /// <summary>The peer has mapped this end's DMBs.</summary>
    public Task<Mapped> MappedAsync() => _mapped.Task.WaitAsync(HangGuard);

    /// <summary>The peer has refused something that this end offered.</summary>
    public Task<Refused> RefusedAsync() => _refused.Task.WaitAsync(HangGuard);

    /// <summary>The peer has registered its DMB.</summary>
    public Task<Register> RegisteredAsync() => _registered.Task.WaitAsync(HangGuard);

    /// <summary>The peer will not touch this end's DMB again.</summary>
    public Task<Detach> DetachedAsync() => _detached.Task.WaitAsync(HangGuard);

    /// <summary>The control socket has hung up.</summary>
    public Task LostAsync() => _lost.Task.WaitAsync(HangGuard);

    /// <summary>Declines, and sends what the application has to say in the same breath.</summary>
    public void Decline(SmcReason reason, ReadOnlySpan<byte> behind) => Send([.. DeclineOf(reason), .. behind]);

    /// <summary>The diagnosis of a Decline; None of anything else.</summary>
    public static SmcReason ReasonOf(byte[] message) =>
        Transport.Wire.Clc.Decline.TryWrap(message, out Decline decline) == WireError.None ? decline.Diagnosis : SmcReason.None;

    /// <summary>The bytes of a Decline.</summary>
    public static byte[] DeclineOf(SmcReason reason)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        return buffer[..ClcWriter.Write(buffer, new DeclineFields(2, reason))].ToArray();
    }

    /// <summary>Reads a CLC message, or the end of the stream.</summary>
    /// <returns>The whole message, or fewer bytes where the stream has ended.</returns>
    public async Task<byte[]> ReadClcAsync()
    {
        byte[] message = new byte[ClcFraming.MaxLength];
        int count = await FillAsync(message.AsMemory(0, ClcHeader.Size));
        if (count < ClcHeader.Size) return message[..count];
        if (ClcHeader.TryRead(message.AsSpan(0, count), out ClcHeader header) != WireError.None) return message[..count];
        count += await FillAsync(message.AsMemory(count, header.Length - count));
        return message[..count];
    }

    /// <summary>Offers a slab of DMBs and registers its first one for the attempt, as any runtime would.</summary>
    /// <param name="group">The link group.</param>
    /// <param name="slot">The connection's slot.</param>
    /// <param name="extraBytes">By how much the offer lies about the size of the slab, where a test wants that.</param>
    /// <param name="instead">Makes the descriptor that is offered in its place, where a test wants that; it is given the slab's bytes.</param>
    /// <returns>The token.</returns>
    public ulong OfferDmb(uint group, int slot, ulong extraBytes = 0, Func<long, FileDescriptor>? instead = null)
    {
        const uint Slab = 1;
        SizeClass size = SizeClass.ForSmcd(SizeClass.SmallestBytes);
        if (DmbSlab.TryCreate(Slab, size, prefault: false, mappings: null, out DmbSlab? slab, out FileDescriptor? descriptor) != MemoryError.None)
            throw new InvalidOperationException("no memory");
        _owned.Add(slab!);
        OwnDmb = slab!.RangeOf(0);
        if (instead is not null)
        {
            descriptor!.Dispose();
            descriptor = instead(slab.Bytes);
        }

        Offer(new OfferSlab(group, Slab, SlabKind.Dmb, slab.SizeClass.Code, (ushort)slab.Count, (ulong)slab.Bytes + extraBytes), descriptor!);
        ulong token = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        Session.Send(new Register(Nonce, token, group, Slab, 0, (ushort)slot));
        return token;
    }

    /// <summary>Offers memory.</summary>
    public void Offer(OfferSlab offer, FileDescriptor descriptor)
    {
        Offering(offer, descriptor);
        Session.Send(offer, descriptor);
    }

    /// <summary>What the peer makes of an offer.</summary>
    /// <returns>Why it is refused; None where it has been mapped.</returns>
    public Task<SmcReason> AnswerAsync(uint slab) => AnswerOf(slab).Task.WaitAsync(HangGuard);

    /// <summary>Offers a slab of one DMB.</summary>
    public void OfferSlab(uint group, uint slab)
    {
        SizeClass size = SizeClass.ForSmcd(SizeClass.SmallestBytes);
        if (SharedRegion.TryCreate("slab", size.Bytes, prefault: false, null, out SharedRegion? region, out FileDescriptor? descriptor) != MemoryError.None)
            throw new InvalidOperationException("no memory");
        region!.Dispose();
        Session.Send(new OfferSlab(group, slab, SlabKind.Dmb, size.Code, 1, (ulong)size.Bytes), descriptor!);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Socket?.Dispose();
        Rendezvous.Dispose();
        foreach (IDisposable owned in _owned) owned.Dispose();
        Close();
        GC.SuppressFinalize(this);
    }

    void IGroupFrameObserver.Offered(PeerSession session, OfferSlab offer, FileDescriptor? descriptor)
    {
        if (descriptor is not null) Take(offer, descriptor);
        session.Send(new Mapped(offer.Group, offer.Slab));
        if (offer.Kind == SlabKind.Dmb) _offered.TrySetResult(offer);
    }

    void IGroupFrameObserver.Mapped(PeerSession session, Mapped answer)
    {
        AnswerOf(answer.Slab).TrySetResult(SmcReason.None);
        if (answer.Slab != 0) _mapped.TrySetResult(answer);
    }

    void IGroupFrameObserver.Refused(PeerSession session, Refused answer)
    {
        AnswerOf(answer.Slab).TrySetResult(answer.Reason);
        _refused.TrySetResult(answer);
    }

    void IGroupFrameObserver.Registered(PeerSession session, Register registration) => _registered.TrySetResult(registration);

    void IGroupFrameObserver.Detached(PeerSession session, Detach detach) => _detached.TrySetResult(detach);

    void IGroupFrameObserver.GroupDeleted(PeerSession session, DeleteGroup deletion)
    {
        // A script ends when its driver says so.
    }

    void IGroupFrameObserver.SessionLost(PeerSession session) => _lost.TrySetResult();

    void IGroupFrameObserver.FrameRefused(PeerCredentials peer, WireError problem)
    {
        // The control socket hangs up, and that says it: here as below.
    }

    void IGroupFrameObserver.UserRefused(PeerCredentials peer)
    {
    }

    void IGroupFrameObserver.FramesUnread(PeerCredentials peer)
    {
    }

    void IGroupFrameObserver.SocketRefused(PeerCredentials peer)
    {
    }

    /// <summary>Keeps something until the end.</summary>
    protected void Own(IDisposable owned) => _owned.Add(owned);

    /// <summary>Takes memory that the peer offers, and the descriptor with it.</summary>
    protected virtual void Take(OfferSlab offer, FileDescriptor descriptor) => descriptor.Dispose();

    /// <summary>This end is about to offer memory. The descriptor stays the caller's.</summary>
    protected virtual void Offering(OfferSlab offer, FileDescriptor descriptor)
    {
    }

    /// <summary>What a derived class has of its own.</summary>
    protected virtual void Close()
    {
    }

    /// <summary>Writes a CLC message.</summary>
    protected void Send(ReadOnlySpan<byte> message) => Socket.Send(message);

    private TaskCompletionSource<SmcReason> AnswerOf(uint slab) => _answers.GetOrAdd(slab, _ => NewPromise<SmcReason>());

    private static TaskCompletionSource<T> NewPromise<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<int> FillAsync(Memory<byte> target)
    {
        int count = 0;
        while (count < target.Length)
        {
            int received = await Socket.ReceiveAsync(target[count..]).AsTask().WaitAsync(HangGuard);
            if (received == 0) break;
            count += received;
        }

        return count;
    }
}
