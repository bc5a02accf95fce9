using System.Runtime.InteropServices;
using System.Text;

namespace Smc.Transport.Interop.Linux;

/// <summary>Who is at the other end of a Unix socket, as the kernel noted it when the connection began.</summary>
/// <param name="ProcessId">0 where the process is not visible from here; a hint only.</param>
/// <param name="UserId">The effective user.</param>
/// <param name="GroupId">The effective group.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId);

/// <summary>How sending or receiving a packet ended.</summary>
public enum PacketStatus : byte
{
    /// <summary>One packet was moved.</summary>
    Done,

    /// <summary>Nothing can be moved now.</summary>
    WouldBlock,

    /// <summary>The other end has gone.</summary>
    Closed,

    /// <summary>The peer sent more than a packet may hold, or descriptors in an empty one; whatever descriptors came are closed.</summary>
    Truncated,

    /// <summary>This process has no descriptor left.</summary>
    DescriptorsExhausted,

    /// <summary>The kernel does not do it: no memory, or too many descriptors on their way already.</summary>
    Failed,
}

/// <summary>
/// A non-blocking Unix socket of whole packets, with descriptors. Paths are relative to an open folder, because mounts differ between
/// containers and an address holds 108 bytes.
/// </summary>
internal sealed unsafe class SeqPacketSocket : IDisposable
{
    private const int Type = Libc.SocketSeqPacket | Libc.SocketNonBlocking | Libc.SocketCloseOnExec;

    private SeqPacketSocket(int fd) => Descriptor = new FileDescriptor(fd);

    public FileDescriptor Descriptor { get; }

    /// <summary>Binds and listens.</summary>
    /// <returns>Null where the socket cannot be made; <paramref name="errno"/> says why.</returns>
    public static SeqPacketSocket? TryListen(FileDescriptor folder, string name, int backlog, out int errno)
    {
        SeqPacketSocket? socket = TryBind(folder, name, out errno);
        if (socket is null || socket.TryListen(backlog, out errno)) return socket;
        socket.Dispose();
        return null;
    }

    /// <summary>Binds: nobody can connect yet, and there is nothing to accept.</summary>
    public static SeqPacketSocket? TryBind(FileDescriptor folder, string name, out int errno)
    {
        SeqPacketSocket? socket = TryCreate(out errno);
        if (socket is null) return null;
        Libc.UnixAddress address = AddressOf($"{OwnedFolder.PathOf(folder)}/{name}", out uint length);
        if (Libc.Bind(socket.Descriptor.Value, &address, length) == 0) return socket;
        errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        return null;
    }

    /// <summary>Lets so many connect before they are accepted.</summary>
    public bool TryListen(int backlog, out int errno)
    {
        bool listens = Libc.Listen(Descriptor.Value, backlog) == 0;
        errno = listens ? 0 : Marshal.GetLastPInvokeError();
        return listens;
    }

    /// <summary>Connects; a Unix socket connects at once or not at all. A link that stands at its name is not followed, and refuses.</summary>
    public static SeqPacketSocket? TryConnect(FileDescriptor folder, string name, out int errno)
    {
        using FileDescriptor? entry = OwnedFolder.TryHold(folder, name, out errno);
        SeqPacketSocket? socket = entry is null ? null : TryCreate(out errno);
        if (socket is null) return null;
        Libc.UnixAddress address = AddressOf(OwnedFolder.PathOf(entry!), out uint length);
        if (Libc.Connect(socket.Descriptor.Value, &address, length) == 0) return socket;
        errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        return null;
    }

    /// <summary>Takes the next connection.</summary>
    public PacketStatus TryAccept(out SeqPacketSocket? accepted)
    {
        int fd;
        while ((fd = Libc.Accept4(Descriptor.Value, null, null, Libc.SocketNonBlocking | Libc.SocketCloseOnExec)) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno is Errno.Interrupted or Errno.ConnectionAborted) continue;
            accepted = null;
            return errno switch
            {
                Errno.Again => PacketStatus.WouldBlock,
                Errno.TooManyFiles or Errno.TooManyFilesInSystem => PacketStatus.DescriptorsExhausted,
                _ => PacketStatus.Failed,
            };
        }

        accepted = new SeqPacketSocket(fd);
        return PacketStatus.Done;
    }

    /// <summary>Who is at the other end.</summary>
    public bool TryGetCredentials(out PeerCredentials credentials)
    {
        Libc.Credentials found;
        uint length = (uint)sizeof(Libc.Credentials);
        bool known = Libc.GetSocketOption(Descriptor.Value, Libc.LevelSocket, Libc.OptionPeerCredentials, &found, &length) == 0;
        credentials = known ? new PeerCredentials(found.ProcessId, found.UserId, found.GroupId) : default;
        return known;
    }

    /// <summary>Sends one packet, with a descriptor or without.</summary>
    public PacketStatus TrySend(ReadOnlySpan<byte> packet, FileDescriptor? descriptor)
    {
        fixed (byte* bytes = packet)
        {
            var vector = new Libc.IoVector { Base = bytes, Length = (nuint)packet.Length };
            var control = new Libc.ControlMessage
            {
                Length = Libc.ControlMessage.HeaderLength + sizeof(int),
                Level = Libc.LevelSocket,
                Type = Libc.ScmRights,
            };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (descriptor is not null)
            {
                control.Descriptors[0] = descriptor.Value;
                message.Control = &control;
                message.ControlLength = Libc.ControlMessage.HeaderLength + (2 * sizeof(int));   // whole machine words, as CMSG_SPACE
            }

            while (Libc.SendMessage(Descriptor.Value, &message, Libc.MessageNoSignal) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.Interrupted) continue;
                return errno switch
                {
                    Errno.Again or Errno.NoBufferSpace => PacketStatus.WouldBlock,
                    Errno.BrokenPipe or Errno.ConnectionReset or Errno.NotConnected => PacketStatus.Closed,
                    _ => PacketStatus.Failed,
                };
            }

            return PacketStatus.Done;
        }
    }

    /// <summary>Receives one packet and at most one descriptor. Where this process has no descriptor left the packet comes without; what is
    /// not handed out is closed. An empty packet without a descriptor cannot be told from the end.</summary>
    public PacketStatus TryReceive(Span<byte> buffer, out int length, out FileDescriptor? descriptor)
    {
        length = 0;
        descriptor = null;
        fixed (byte* bytes = buffer)
        {
            var vector = new Libc.IoVector { Base = bytes, Length = (nuint)buffer.Length };
            Libc.ControlMessage control = default;
            var message = new Libc.MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(Libc.ControlMessage),
            };
            nint received;
            while ((received = Libc.ReceiveMessage(Descriptor.Value, &message, Libc.MessageCloseOnExec)) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.Interrupted) continue;
                return errno == Errno.Again ? PacketStatus.WouldBlock : PacketStatus.Closed;
            }

            int count = TakeDescriptors(in message, ref control, out descriptor);
            if (received == 0 && count == 0) return PacketStatus.Closed;
            bool isCut = (message.Flags & Libc.MessageTruncated) != 0 || count > 1 || received == 0;
            if (isCut || (message.Flags & Libc.MessageControlTruncated) != 0)
            {
                descriptor?.Dispose();
                descriptor = null;
            }

            length = (int)received;
            return isCut ? PacketStatus.Truncated : PacketStatus.Done;
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static SeqPacketSocket? TryCreate(out int errno)
    {
        int fd = Libc.Socket(Libc.FamilyUnix, Type, 0);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new SeqPacketSocket(fd);
    }

    private static int TakeDescriptors(in Libc.MessageHeader message, ref Libc.ControlMessage control, out FileDescriptor? first)
    {
        first = null;
        if (message.ControlLength < Libc.ControlMessage.HeaderLength || control.Level != Libc.LevelSocket || control.Type != Libc.ScmRights) return 0;
        int count = (int)((control.Length - Libc.ControlMessage.HeaderLength) / sizeof(int));
        count = Math.Clamp(count, 0, Libc.ControlMessage.MaxDescriptors);
        for (int i = 0; i < count; i++)
        {
            var taken = new FileDescriptor(control.Descriptors[i]);
            if (i == 0) first = taken;
            else taken.Dispose();
        }

        return count;
    }

    private static Libc.UnixAddress AddressOf(string path, out uint length)
    {
        var address = new Libc.UnixAddress { Family = Libc.FamilyUnix };
        int bytes = Encoding.UTF8.GetBytes(path, new Span<byte>(address.Path, Libc.UnixAddress.PathCapacity - 1));
        length = (uint)(sizeof(ushort) + bytes + 1);
        return address;
    }
}
