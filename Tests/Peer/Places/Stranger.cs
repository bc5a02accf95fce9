using System.Net;
using System.Net.Sockets;
using Smc.Peer.Roles;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Places;

/// <summary>
/// A process of another user that wants into a control socket: by its path, by a second name that root gave it outside the folder, or by a
/// descriptor that root opened. Then it announces a connection, and sends a Proposal over TCP.
/// </summary>
internal sealed class Stranger : Role
{
    private readonly PeerArguments _arguments;
    private readonly string _way;
    private readonly FileDescriptor? _held;

    private Stranger(PeerArguments arguments)
    {
        _arguments = arguments;
        string socket = Path.Combine(arguments.Folder, arguments.Values["socket"]);
        switch (arguments.Task)
        {
            case "path":
                _way = socket;
                break;
            case "link":
                _way = Path.Combine(Path.GetDirectoryName(arguments.Folder)!, "outside.sock");
                User.Link(socket, _way);
                break;
            default:
                _held = new FileDescriptor(Libc.Open(socket, Libc.OpenPathOnly | Libc.OpenCloseOnExec, 0));
                _way = $"/proc/self/fd/{_held.Value}";
                break;
        }
    }

    public static Stranger Start(PeerArguments arguments)
    {
        var stranger = new Stranger(arguments);
        _ = Knock("/nobody/listens/here", arguments.At, arguments.At);   // what this needs of .NET is loaded before the rights are gone
        User.BecomeNobody();
        Say.Line($"ready");
        return stranger;
    }

    public override void Connect() => _ = ConnectAsync();

    public override ValueTask DisposeAsync()
    {
        _held?.Dispose();
        return default;
    }

    private async Task ConnectAsync()
    {
        var socket = new Socket(_arguments.At.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(_arguments.At.Address, 0));
        Say.Line($"control {Knock(_way, (IPEndPoint)socket.LocalEndPoint!, _arguments.At)}");
        await socket.ConnectAsync(_arguments.At);
        await new Work(_arguments with { Task = "proposal" }).DoAsync(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Opens the control socket and announces a connection.</summary>
    /// <returns>What came of it.</returns>
    private static string Knock(string path, IPEndPoint from, IPEndPoint to)
    {
        using var control = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            control.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            return $"closed: {e.SocketErrorCode}";
        }

        try
        {
            Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
            control.Send(frame[..ControlCodec.Write(frame, new Hello(SmcGid.NewRandom(), NetworkNamespace.ReadCookie(), 0))]);
            control.Send(frame[..ControlCodec.Write(frame, new Announce(4711, RendezvousEndPoint.From(from), RendezvousEndPoint.From(to)))]);
            return $"{control.Receive(frame)} bytes";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return "0 bytes";
        }
    }
}
