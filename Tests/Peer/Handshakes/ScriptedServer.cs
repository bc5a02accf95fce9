using System.Net;
using System.Net.Sockets;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Clc;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Handshakes;

/// <summary>The server of a handshake, step by step: publish, accept, match, (Proposal), offer a group and a DMB, accept, (Confirm).</summary>
public class ScriptedServer : ScriptedEnd, IAttemptObserver
{
    /// <summary>The group that it begins.</summary>
    public const uint Group = 0x100;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly WakeService _wake = new(watchInlineCompletions: false);
    private readonly TaskCompletionSource<SmcReason> _canceled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _token;

    public ScriptedServer(string folder)
        : base(folder)
    {
        _listener.Start();
        Rendezvous.Publish(EndPoint);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Accepts a connection, and takes its announcement.</summary>
    /// <returns>False where it was not announced.</returns>
    public async Task<bool> AcceptConnectionAsync()
    {
        Socket = await _listener.AcceptSocketAsync();
        Socket.NoDelay = true;
        Rendezvous.Drain();
        bool announced = Rendezvous.TryTakeAnnouncement(
            (IPEndPoint)Socket.RemoteEndPoint!, (IPEndPoint)Socket.LocalEndPoint!, this, out PeerSession? session, out ulong nonce);
        Session = session!;
        Nonce = nonce;
        return announced;
    }

    /// <summary>Tells the client that it may propose.</summary>
    public void Match() => Session.Send(new Matched(Nonce));

    /// <summary>The client has given up before its Proposal.</summary>
    public Task<SmcReason> CanceledAsync() => _canceled.Task.WaitAsync(HangGuard);

    /// <summary>True where the client has given up so.</summary>
    public bool IsCanceled => _canceled.Task.IsCompleted;

    /// <summary>Begins a group: offers its control region.</summary>
    /// <param name="group">The group.</param>
    /// <param name="instead">Makes the descriptor that is offered in its place, where a test wants that; it is given the region's bytes.</param>
    public void OfferGroup(uint group = Group, Func<long, FileDescriptor>? instead = null)
    {
        FileDescriptor descriptor = instead is null ? NewControlRegion() : instead(LinkGroupMemory.ControlBytes);
        Offer(new OfferSlab(group, 0, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes), descriptor);
    }

    /// <summary>Offers a DMB in the group's first slot.</summary>
    /// <param name="extraBytes">By how much the offer lies, where a test wants that.</param>
    /// <param name="instead">Makes the descriptor that is offered in its place, where a test wants that.</param>
    public void OfferDmb(ulong extraBytes = 0, Func<long, FileDescriptor>? instead = null) => _token = OfferDmb(Group, 0, extraBytes, instead);

    /// <summary>Sends an Accept.</summary>
    /// <param name="token">Another token than that of this end's DMB, where a test wants that.</param>
    /// <param name="change">Changes more of it, where a test wants that.</param>
    public void SendAccept(ulong? token = null, Func<SmcdAcceptFields, SmcdAcceptFields>? change = null) => Send(AcceptOf(token, change));

    /// <summary>The bytes of an Accept.</summary>
    public byte[] AcceptOf(ulong? token = null, Func<SmcdAcceptFields, SmcdAcceptFields>? change = null)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        var accept = new SmcdAcceptFields(
            ClcType.Accept,
            SmcdDeviceId.OfLoopback(Rendezvous.Gid),
            token ?? _token,
            0,
            SizeClass.ForSmcd(SizeClass.SmallestBytes).Code,
            Group,
            Eid,
            new FirstContact(ClcOs.Linux, 1, ClcText.From("scripted"), ClcFeatures.EmulatedIsm));
        if (change is not null) accept = change(accept);
        return buffer[..ClcWriter.Write(buffer, in accept)].ToArray();
    }

    void IAttemptObserver.Matched(PeerSession session)
    {
        // Clients do not match.
    }

    void IAttemptObserver.Canceled(SmcReason reason) => _canceled.TrySetResult(reason);

    void IAttemptObserver.Lost(PeerSession session)
    {
        // LostAsync says it.
    }

    protected override void Close()
    {
        _listener.Dispose();
        _wake.Dispose();
    }

    private FileDescriptor NewControlRegion()
    {
        if (LinkGroupMemory.TryCreate(new WaitSettings(0, false), _wake, null, out LinkGroupMemory? memory, out FileDescriptor? descriptor) != MemoryError.None)
            throw new InvalidOperationException("no memory");
        Own(new Released(memory!));
        return descriptor!;
    }

    private sealed class Released(LinkGroupMemory memory) : IDisposable
    {
        public void Dispose() => memory.Release();
    }
}
