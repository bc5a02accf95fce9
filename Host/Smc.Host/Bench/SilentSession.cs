using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Smc.Host.CommandLine;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Host.Bench;

/// <summary>A place in the rendezvous folder and its control socket to one listener, which announces connections and does no more.</summary>
internal sealed class SilentSession : IGroupFrameObserver, IDisposable
{
    private readonly IPEndPoint _server;
    private readonly HostRendezvous _rendezvous;
    private readonly PeerSession _session;

    /// <exception cref="CommandFailure">The listener cannot be reached by a control socket.</exception>
    public SilentSession(string folder, IPEndPoint server)
    {
        _server = server;
        _rendezvous = HostRendezvous.TryStart(folder, SmcGid.NewRandom(), this, ownThread: true, out string problem) ?? throw CommandFailure.Failed(problem);
        PeerSession? session = _rendezvous.Find(server).Select(_rendezvous.TryOpenSession).FirstOrDefault(s => s is not null);
        if (session is null) _rendezvous.Dispose();
        _session = session ?? throw CommandFailure.Failed($"{server} is not published.");
    }

    /// <summary>Announces a connection and opens it.</summary>
    /// <param name="observer">Hears what the listener says to it.</param>
    /// <param name="nonce">Names the attempt.</param>
    public Task<Socket> ConnectAsync(IAttemptObserver observer, out ulong nonce)
    {
        nonce = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        if (!_session.TryWatch(nonce, observer)) throw CommandFailure.Failed($"the control socket to {_server} hung up.");
        return ConnectAsync(nonce);
    }

    /// <summary>Forgets an attempt.</summary>
    public void Unwatch(ulong nonce) => _session.Unwatch(nonce);

    public void Dispose() => _rendezvous.Dispose();

    void IGroupFrameObserver.Offered(PeerSession session, OfferSlab offer, FileDescriptor? descriptor) => descriptor?.Dispose();

    void IGroupFrameObserver.Mapped(PeerSession session, Mapped answer) { }

    void IGroupFrameObserver.Refused(PeerSession session, Refused answer) { }

    void IGroupFrameObserver.Registered(PeerSession session, Register registration) { }

    void IGroupFrameObserver.Detached(PeerSession session, Detach detach) { }

    void IGroupFrameObserver.GroupDeleted(PeerSession session, DeleteGroup deletion) { }

    void IGroupFrameObserver.SessionLost(PeerSession session) { }

    void IGroupFrameObserver.FrameRefused(PeerCredentials peer, WireError problem) { }

    void IGroupFrameObserver.UserRefused(PeerCredentials peer) { }

    void IGroupFrameObserver.FramesUnread(PeerCredentials peer) { }

    void IGroupFrameObserver.SocketRefused(PeerCredentials peer) { }

    private async Task<Socket> ConnectAsync(ulong nonce)
    {
        var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(_server.Address, 0));
            _session.Send(new Announce(nonce, RendezvousEndPoint.From((IPEndPoint)socket.LocalEndPoint!), RendezvousEndPoint.From(_server)));
            await socket.ConnectAsync(_server);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
