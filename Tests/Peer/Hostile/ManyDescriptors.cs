using System.Net.Sockets;
using Smc.Transport.Interop.Linux;

namespace Smc.Peer.Hostile;

/// <summary>A packet with more descriptors than the rules allow, which are one.</summary>
internal static unsafe class ManyDescriptors
{
    /// <summary>Sends it, with the same descriptor so many times.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> packet, FileDescriptor travelling, int count)
    {
        int bytes = Libc.ControlMessage.HeaderLength + (count * sizeof(int));
        byte* buffer = stackalloc byte[bytes + sizeof(ulong)];   // whole machine words
        var control = (Libc.ControlMessage*)buffer;
        control->Length = (nuint)bytes;
        control->Level = Libc.LevelSocket;
        control->Type = Libc.ScmRights;
        int* descriptors = (int*)(buffer + Libc.ControlMessage.HeaderLength);
        for (int i = 0; i < count; i++) descriptors[i] = travelling.Value;
        fixed (byte* data = packet)
        {
            var vector = new Libc.IoVector { Base = data, Length = (nuint)packet.Length };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)bytes };
            if (Libc.SendMessage((int)socket.SafeHandle.DangerousGetHandle(), &message, Libc.MessageNoSignal) < 0) throw new SocketException();
        }
    }
}
