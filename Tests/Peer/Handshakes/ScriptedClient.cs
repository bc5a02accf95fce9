using System.Net;
using System.Net.Sockets;
using Smc.Transport;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Handshakes;

/// <summary>The client of a handshake, step by step: announce, connect, (matched), propose, (Accept), offer a DMB, confirm.</summary>
public class ScriptedClient(string folder, IPEndPoint server) : ScriptedEnd(folder), IAttemptObserver
{
    private readonly TaskCompletionSource _matched = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _matches;

    /// <summary>Connections of this client that were matched.</summary>
    public int Matches => Volatile.Read(ref _matches);

    /// <summary>What the Accept said.</summary>
    public SmcdAcceptFields Accept { get; private set; }

    /// <summary>Binds, and announces the connection to the listener.</summary>
    public void Announce()
    {
        Session = Rendezvous.Find(server).Select(Rendezvous.TryOpenSession).First() ?? throw new InvalidOperationException($"{server} is not published");
        Nonce = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        Session.TryWatch(Nonce, this);
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Bind(new IPEndPoint(server.Address, 0));
        Session.Send(new Announce(Nonce, RendezvousEndPoint.From((IPEndPoint)Socket.LocalEndPoint!), RendezvousEndPoint.From(server)));
    }

    /// <summary>Connects.</summary>
    public Task ConnectAsync() => Socket.ConnectAsync(server);

    /// <summary>The listener has accepted the announced connection.</summary>
    public Task MatchedAsync() => _matched.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Announces, connects and waits for the match.</summary>
    public async Task BeginAsync()
    {
        Announce();
        await ConnectAsync();
        await MatchedAsync();
    }

    /// <summary>Gives up.</summary>
    public void Cancel() => Session.Send(new Cancel(Nonce, SmcReason.MatchTimeout));

    /// <summary>Sends a Proposal.</summary>
    /// <param name="gid">Of another device than this end's, where a test wants that.</param>
    public void Propose(SmcGid? gid = null) => Send(ProposalOf(gid ?? Rendezvous.Gid));

    /// <summary>The bytes of a Proposal that names a device.</summary>
    public static byte[] ProposalOf(SmcGid gid)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        var fields = new ProposalFields { Eids = [Eid], Devices = [SmcdDeviceId.OfLoopback(gid)] };
        return buffer[..ClcWriter.Write(buffer, in fields)].ToArray();
    }

    /// <summary>Reads the server's Accept.</summary>
    public async Task ReadAcceptAsync()
    {
        byte[] message = await ReadClcAsync();
        WireError error = SmcdAccept.TryWrap(message, ClcType.Accept, out SmcdAccept accept);
        if (error != WireError.None) throw new InvalidOperationException($"no Accept: {error}");
        Accept = accept.Fields;
    }

    /// <summary>Offers a DMB for the slot that the server has registered.</summary>
    /// <param name="instead">Makes the descriptor that is offered in its place, where a test wants that.</param>
    public async Task<ulong> OfferDmbAsync(Func<long, FileDescriptor>? instead = null) =>
        OfferDmb(Accept.LinkId, (await RegisteredAsync()).Slot, instead: instead);

    /// <summary>Sends a Confirm.</summary>
    /// <param name="token">Of this end's DMB, or not.</param>
    public void Confirm(ulong token) => Send(ConfirmOf(token));

    /// <summary>The bytes of a Confirm.</summary>
    public byte[] ConfirmOf(ulong token)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        SmcdAcceptFields confirm = Accept with
        {
            Type = ClcType.Confirm,
            Device = SmcdDeviceId.OfLoopback(Rendezvous.Gid),
            Token = token,
            SizeCode = SizeClass.ForSmcd(SizeClass.SmallestBytes).Code,
        };
        return buffer[..ClcWriter.Write(buffer, in confirm)].ToArray();
    }

    void IAttemptObserver.Matched(PeerSession session)
    {
        Interlocked.Increment(ref _matches);
        _matched.TrySetResult();
    }

    void IAttemptObserver.Canceled(SmcReason reason)
    {
        // Servers do not cancel.
    }

    void IAttemptObserver.Lost(PeerSession session) => _matched.TrySetException(new InvalidOperationException("the control socket hung up"));
}
