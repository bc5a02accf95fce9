using System.Net;
using System.Net.Sockets;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Waiting;
using Smc.Transport.Wire.Clc;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Handshakes;

/// <summary>The server of a handshake, step by step: publish, accept, match, (Proposal), offer a group and a DMB, accept, (Confirm).</summary>
public sealed class ScriptedServer : ScriptedEnd
{
    private const uint Group = 0x100;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly WakeService _wake = new(watchInlineCompletions: false);
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
        bool announced = Rendezvous.TryTakeAnnouncement((IPEndPoint)Socket.RemoteEndPoint!, (IPEndPoint)Socket.LocalEndPoint!, out var session, out ulong nonce);
        Session = session!;
        Nonce = nonce;
        return announced;
    }

    /// <summary>Tells the client that it may propose.</summary>
    public void Match() => Session.Send(new Matched(Nonce));

    /// <summary>Begins a group: offers its control region.</summary>
    public void OfferGroup(uint group = Group)
    {
        if (LinkGroupMemory.TryCreate(new WaitSettings(0, false), _wake, out LinkGroupMemory? memory, out FileDescriptor? descriptor) != MemoryError.None)
            throw new InvalidOperationException("no memory");
        Own(new Released(memory!));
        Session.Send(new OfferSlab(group, 0, SlabKind.ControlRegion, 0, (ushort)LinkGroupMemory.MaxConnections, (ulong)LinkGroupMemory.ControlBytes), descriptor!);
    }

    /// <summary>Offers a DMB in the group's first slot.</summary>
    /// <param name="extraBytes">By how much the offer lies, where a test wants that.</param>
    /// <param name="instead">Makes the descriptor that is offered in its place, where a test wants that.</param>
    public void OfferDmb(ulong extraBytes = 0, Func<long, FileDescriptor>? instead = null) => _token = OfferDmb(Group, 0, extraBytes, instead);

    /// <summary>Sends an Accept.</summary>
    /// <param name="token">Another token than that of this end's DMB, where a test wants that.</param>
    public void SendAccept(ulong? token = null)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        var accept = new SmcdAcceptFields(
            ClcType.Accept,
            new SmcdDeviceId(Rendezvous.Gid, SmcdDeviceId.LoopbackChid),
            token ?? _token,
            0,
            SizeClass.ForSmcd(SizeClass.SmallestBytes).Code,
            Group,
            Eid,
            new FirstContact(ClcOs.Linux, 1, ClcText.From("scripted"), ClcFeatures.EmulatedIsm));
        Send(buffer[..ClcWriter.Write(buffer, in accept)]);
    }

    protected override void Close()
    {
        _listener.Dispose();
        _wake.Dispose();
    }

    private sealed class Released(LinkGroupMemory memory) : IDisposable
    {
        public void Dispose() => memory.Release();
    }
}
