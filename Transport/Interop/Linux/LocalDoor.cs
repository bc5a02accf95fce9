using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Smc.Transport.Interop.Linux;

/// <summary>
/// A Unix stream socket by which other programs of the same user look into this process. It stands in a folder of mode 0700 that belongs to
/// this user, has mode 0600 itself, and lets in only this user and root. It appears under its name when it listens already, so that one which
/// refuses a connection belongs to a process that is gone, and is removed by whoever finds it; and a lock file beside it tells those who sweep the
/// folder whether its process lives.
/// </summary>
public sealed class LocalDoor : IDisposable
{
    /// <summary>The end of the name of a door.</summary>
    public const string Suffix = ".inspect";

    /// <summary>Behind the name of a door that is being made.</summary>
    internal const string Unfinished = ".new";
    private const int Backlog = 64;

    /// <summary>What a visitor may be sent before it reads, in bytes: the answer about a thousand connections, so that it is sent without waiting. The kernel
    /// allows net.core.wmem_max at most.</summary>
    private const int SendBuffer = 512 * 1024;

    private const uint Root = 0;

    /// <summary>How long who goes in waits for a process that takes nobody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly object Closed = new();

    private readonly Socket _socket;
    private readonly OwnedFolder _folder;
    private readonly string _name;
    private readonly FileDescriptor _lock;
    private readonly SocketPoller? _poller;
    private object? _come;   // the visitor that is the door's still, or Closed

    private LocalDoor(Socket socket, OwnedFolder folder, string name, FileDescriptor ownLock, SocketPoller? poller)
    {
        _poller = poller;
        _socket = socket;
        _folder = folder;
        _name = name;
        _lock = ownLock;
    }

    /// <summary>Opens a door.</summary>
    /// <param name="folder">Created with mode 0700 where it is missing.</param>
    /// <param name="problem">What is wrong, in words.</param>
    /// <param name="poller">Whose turns those who are let in go on with; null for the thread pool's.</param>
    [UnsupportedOSPlatform("windows")]
    public static LocalDoor? TryOpen(string folder, out string problem, SocketPoller? poller = null)
    {
        OwnedFolder? owned = OwnedFolder.TryOpen(folder, out problem);
        if (owned is null) return null;
        string name = Guid.NewGuid().ToString("N");
        FileDescriptor? ownLock = owned.TryLockNew(name + OwnedFolder.LockSuffix);
        if (ownLock is null)
        {
            problem = $"{folder}: no lock file can be created";
            owned.Dispose();
            return null;
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            string path = owned.Short(name + Suffix);
            socket.Bind(new UnixDomainSocketEndPoint(path + Unfinished));
            File.SetUnixFileMode(path + Unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(Backlog);
            File.Move(path + Unfinished, path);
            return new LocalDoor(socket, owned, name, ownLock, poller);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            problem = $"{folder}: {e.Message}";
            socket?.Dispose();
            Remove(owned, name, ownLock);
            return null;
        }
    }

    /// <summary>The doors in a folder, by path.</summary>
    public static IReadOnlyList<string> Find(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Suffix) : [];

    /// <summary>Goes in.</summary>
    /// <param name="path">One of <see cref="Find"/>.</param>
    /// <returns>Null where nobody is there any more, or somebody else than this user, or where nobody takes the visitor within a second; root goes
    /// in everywhere.</returns>
    public static LocalVisitor? TryEnter(string path) => TryEnter(path, Patience);

    /// <summary>The same for who waits so long for a door before which others wait already.</summary>
    internal static LocalVisitor? TryEnter(string path, TimeSpan patience)
    {
        using OwnedFolder? folder = OwnedFolder.TryFind(Path.GetDirectoryName(path)!, out _);
        using FileDescriptor? entry = folder is null ? null : OwnedFolder.TryHold(folder.Descriptor, Path.GetFileName(path), out _);
        if (entry is null) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // The kernel's own limit of a wait for room in the other's queue: a Unix socket that connects without blocking does not wait for it at all.
            ReadOnlySpan<long> timeval = [patience.Ticks / TimeSpan.TicksPerSecond, patience.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond];
            socket.SetRawSocketOption(Libc.LevelSocket, Libc.OptionSendTimeout, MemoryMarshal.AsBytes(timeval));
            socket.Connect(new UnixDomainSocketEndPoint(OwnedFolder.PathOf(entry)));
            if (TryIdentify(socket, out PeerCredentials owner) && (owner.UserId == CurrentUser.Id || CurrentUser.Id == Root)) return new LocalVisitor(socket, owner);
        }
        catch (SocketException e)
        {
            // Gone between the listing and now, not for this user, or too busy; one that refuses has been left by the dead. Its lock, which is free, is for the next who sweeps.
            if (e.SocketErrorCode == SocketError.ConnectionRefused) folder!.Delete(Path.GetFileName(path));
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Waits for the next visitor, one at a time. He is the door's, which shows him out when it is closed, until <see cref="Give"/> or until
    /// the next one is waited for: what says that he has come may reach nobody.</summary>
    /// <returns>Null for one who was not let in.</returns>
    /// <exception cref="SocketException">The door is closed, or no descriptor is left.</exception>
    public async Task<LocalVisitor?> AcceptAsync()
    {
        Give();
        Socket socket = await _socket.AcceptAsync().ConfigureAwait(false);
        LocalVisitor? visitor;
        try
        {
            visitor = TryLetIn(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        if (visitor is null) return null;
        if (Interlocked.CompareExchange(ref _come, visitor, null) is null) return visitor;   // SYNC visitor: pairs with the exchange in Dispose
        visitor.Dispose();
        throw new SocketException((int)SocketError.OperationAborted);
    }

    /// <summary>The visitor who has come last is the caller's own from now on.</summary>
    public void Give()
    {
        if (Volatile.Read(ref _come) is LocalVisitor visitor) Interlocked.CompareExchange(ref _come, null, visitor);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _socket.Dispose();
        if (Interlocked.Exchange(ref _come, Closed) is LocalVisitor left) left.Dispose();   // SYNC visitor: who comes later finds Closed
        Remove(_folder, _name, _lock);
    }

    private LocalVisitor? TryLetIn(Socket socket)
    {
        if (TryIdentify(socket, out PeerCredentials visitor) && (visitor.UserId == CurrentUser.Id || visitor.UserId == Root))
        {
            socket.SendBufferSize = SendBuffer;
            return new LocalVisitor(socket, visitor, _poller);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>The lock goes last: while it is there, and free, the next start sweeps what is left.</summary>
    private static void Remove(OwnedFolder folder, string name, FileDescriptor ownLock)
    {
        folder.Delete(name + Suffix + Unfinished, name + Suffix, name + OwnedFolder.LockSuffix);
        ownLock.Dispose();
        folder.Dispose();
    }

    private static bool TryIdentify(Socket socket, out PeerCredentials credentials)
    {
        Span<byte> found = stackalloc byte[Marshal.SizeOf<Libc.Credentials>()];
        bool isKnown = socket.GetRawSocketOption(Libc.LevelSocket, Libc.OptionPeerCredentials, found) == found.Length;
        Libc.Credentials peer = MemoryMarshal.Read<Libc.Credentials>(found);
        credentials = new PeerCredentials(peer.ProcessId, peer.UserId, peer.GroupId);
        return isKnown;
    }
}

/// <summary>One connection through a door, from either side of it.</summary>
public sealed class LocalVisitor : IDisposable
{
    private readonly PolledSocket? _polled;

    /// <param name="socket">Owned.</param>
    /// <param name="peer">Who is at the other end.</param>
    /// <param name="poller">With whose turns what is read and sent goes on; null for the thread pool.</param>
    public LocalVisitor(Socket socket, PeerCredentials peer, SocketPoller? poller = null)
    {
        Peer = peer;
        Stream = new NetworkStream(socket, ownsSocket: true);
        _polled = poller?.Add(socket);
        Incoming = _polled is null ? Stream : new PolledStream(_polled);
    }

    /// <summary>Who is at the other end.</summary>
    public PeerCredentials Peer { get; }

    /// <summary>The bytes of the connection; owned by this object.</summary>
    public NetworkStream Stream { get; }

    /// <summary>What comes through it, for who goes on with the poller's turns; owned by this object.</summary>
    public Stream Incoming { get; }

    /// <summary>Sends pieces one behind the other, in one call where the socket has room for all of them. One call at a time.</summary>
    /// <param name="pieces">Of arrays, not changed until all are sent; fewer than a call of the system takes (1,024).</param>
    /// <exception cref="SocketException">The other end is gone.</exception>
    /// <exception cref="ObjectDisposedException">This end is closed.</exception>
    public async Task SendAsync(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        if (_polled is not null)
        {
            await _polled.WriteAsync(pieces).ConfigureAwait(false);
            return;
        }

        var segments = new List<ArraySegment<byte>>();
        foreach (ReadOnlyMemory<byte> piece in pieces)
            segments.Add(MemoryMarshal.TryGetArray(piece, out ArraySegment<byte> segment) ? segment : throw new ArgumentException("A piece is no array.", nameof(pieces)));
        await Stream.Socket.SendAsync(segments, SocketFlags.None).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _polled?.Dispose();
        Stream.Dispose();
    }
}
