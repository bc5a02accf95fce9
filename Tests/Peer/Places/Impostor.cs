using System.Net.Sockets;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Places;

/// <summary>
/// Holds the control socket of an entry that is not its own (<c>gid</c>, <c>at</c>), and publishes the entry where there is none. Its task
/// says what its Hello says: <c>same</c> device, <c>another</c>, or <c>silent</c>. With <c>user=nobody</c> it listens as another user.
/// </summary>
internal sealed class Impostor : Role
{
    private readonly PeerArguments _arguments;
    private readonly SmcGid _gid;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    private Impostor(PeerArguments arguments)
    {
        _arguments = arguments;
        _gid = SmcGid.FromGuid(Guid.Parse(arguments.Values["gid"]));
        var entry = new RegistryEntry(_gid, NetworkNamespace.ReadCookie(), [arguments.At]);
        string socket = Path.Combine(arguments.Folder, entry.SocketName);
        string file = Path.ChangeExtension(socket, RegistryFiles.Entry);
        File.Delete(socket);
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        if (!File.Exists(file)) File.WriteAllText(file, entry.Format());
    }

    public static Impostor Start(PeerArguments arguments)
    {
        var impostor = new Impostor(arguments);
        if (arguments.Values.ContainsKey("user")) User.BecomeNobody();
        impostor._listener.Listen();   // whose the socket is, is noted now
        _ = impostor.ServeAsync();
        Say.Line($"ready");
        return impostor;
    }

    public override ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }

    /// <summary>Keeps every control socket open, and reads nothing.</summary>
    private async Task ServeAsync()
    {
        var kept = new List<Socket>();
        byte[] frame = new byte[ControlCodec.MaxFrameLength];
        while (true)
        {
            Socket accepted = await _listener.AcceptAsync();
            kept.Add(accepted);
            if (_arguments.Task == "silent") continue;
            var hello = new Hello(_arguments.Task == "same" ? _gid : SmcGid.NewRandom(), NetworkNamespace.ReadCookie(), 0);
            accepted.Send(frame.AsSpan(0, ControlCodec.Write(frame, hello)));
        }
    }
}
