using System.Runtime.InteropServices;

namespace Smc.Transport.Interop.Linux;

/// <summary>Sockets and epoll, for what the base class library does not offer: descriptors in messages, peer credentials, namespaces.</summary>
internal static unsafe partial class Libc
{
    public const int FamilyUnix = 1;
    public const int FamilyInternet = 2;
    public const int FamilyInternetV6 = 10;
    public const int SocketStream = 1;
    public const int SocketSeqPacket = 5;
    public const int SocketNonBlocking = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int LevelSocket = 1;
    public const int LevelTcp = 6;
    public const int OptionReuseAddress = 2;
    public const int OptionError = 4;
    public const int OptionTcpNoDelay = 1;
    public const int OptionPeerCredentials = 17;
    public const int OptionSendTimeout = 21;
    public const int OptionNetworkNamespaceCookie = 71;
    public const int ScmRights = 1;

    public const int MessageControlTruncated = 0x8;
    public const int MessageTruncated = 0x20;
    public const int MessageNoSignal = 0x4000;
    public const int MessageCloseOnExec = 0x40000000;

    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const short PollIn = 1;
    public const short PollOut = 4;
    public const uint EpollIn = 1;
    public const uint EpollOut = 4;
    public const uint EpollError = 8;
    public const uint EpollHangUp = 0x10;
    public const uint EpollPeerHangUp = 0x2000;
    public const uint EpollOneShot = 0x40000000;

    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNonBlocking = 0x800;
    public const int OpenPathOnly = 0x200000;
    public const int OpenCloseOnExec = 0x80000;
    public static readonly int OpenDirectory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    public static readonly int OpenNoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int fd, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int fd, int backlog);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int fd, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int fd, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int fd, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int fd, void* address, uint* length);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int fd, EpollEvent* change);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, EpollEvent* events, int capacity, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int folder, string path, int flags, uint mask, StatXResult* result);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    /// <summary>struct statx: one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatXResult
    {
        public const uint BasicStats = 0x7FF;
        public const int EmptyPath = 0x1000;

        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint UserId;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    /// <summary>struct sockaddr_un.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UnixAddress
    {
        public const int PathCapacity = 108;

        public ushort Family;
        public fixed byte Path[PathCapacity];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr of 64-bit Linux, with room for the descriptors of SCM_RIGHTS behind it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlMessage
    {
        public const int HeaderLength = 16;
        public const int MaxDescriptors = 4;

        public nuint Length;
        public int Level;
        public int Type;
        public fixed int Descriptors[MaxDescriptors];
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Ready;
    }

    /// <summary>struct ucred.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Credentials
    {
        public int ProcessId;
        public uint UserId;
        public uint GroupId;
    }

    /// <summary>struct epoll_event: packed on x86-64 only, see <see cref="Epoll"/>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    public struct EpollEvent
    {
        [FieldOffset(0)]
        public uint Events;

        [FieldOffset(4)]
        public ulong DataPacked;

        [FieldOffset(8)]
        public ulong DataAligned;
    }
}
