using System.Globalization;
using System.Net.Sockets;
using Smc.Peer.Handshakes;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire.Rendezvous;

namespace Smc.Peer.Hostile;

/// <summary>A process of the same user that opens the listener's control socket by the rules and, when told, offers memory with so many descriptors
/// as its task says. It says how many bytes the answer has: none where the other end hangs up.</summary>
internal sealed class Giver : Role
{
    private const uint Group = 0x7700;

    private readonly ScriptedClient _client;
    private readonly Socket _control = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly int _count;

    public Giver(PeerArguments arguments)
    {
        _count = int.Parse(arguments.Task, CultureInfo.InvariantCulture);
        _client = new ScriptedClient(arguments.Folder, arguments.At);
        RegistryEntry listener = _client.Rendezvous.Find(arguments.At)[0];
        _control.Connect(new UnixDomainSocketEndPoint(Path.Combine(arguments.Folder, listener.SocketName)));
        Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
        _control.Send(frame[..ControlCodec.Write(frame, new Hello(_client.Rendezvous.Gid, NetworkNamespace.ReadCookie(), 0))]);
        Say.Line($"greeted {_control.Receive(frame)}");
    }

    public override void Attack() => new Thread(Give) { IsBackground = true }.Start();

    public override ValueTask DisposeAsync()
    {
        _control.Dispose();
        _client.Dispose();
        return default;
    }

    private void Give()
    {
        if (!EventFd.TryCreate(out EventFd? travelling)) throw new InvalidOperationException("no descriptor");
        Span<byte> frame = stackalloc byte[ControlCodec.MaxFrameLength];
        var offer = new OfferSlab(Group, 0, SlabKind.ControlRegion, 0, 1, 4096);
        ManyDescriptors.Send(_control, frame[..ControlCodec.Write(frame, offer)], travelling!.Descriptor, _count);
        try
        {
            Say.Line($"answered {_control.Receive(frame)}");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            Say.Line($"answered 0");
        }
    }
}
