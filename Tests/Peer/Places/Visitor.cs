using System.Net.Sockets;
using Smc.Actors.Inspection.Door;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Places;

/// <summary>A process of another user that wants to look into one through its door, which somebody has opened to all.</summary>
internal sealed class Visitor : Role
{
    private readonly string _door;

    private Visitor(PeerArguments arguments) => _door = LocalDoor.Find(arguments.Folder).Single();

    public static Visitor Start(PeerArguments arguments)
    {
        var visitor = new Visitor(arguments);
        _ = Ask("/nobody/listens/here");   // what this needs of .NET is loaded before the rights are gone
        User.BecomeNobody();
        Say.Line($"ready");
        return visitor;
    }

    public override void Connect() => Say.Line($"{Ask(_door)}");

    public override ValueTask DisposeAsync() => default;

    private static string Ask(string door)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(door));
            socket.Send(InspectionFrames.Request(80, ["info"]));
            return $"got {socket.Receive(new byte[4096])} bytes";
        }
        catch (SocketException e)
        {
            return $"closed: {e.SocketErrorCode}";
        }
    }
}
