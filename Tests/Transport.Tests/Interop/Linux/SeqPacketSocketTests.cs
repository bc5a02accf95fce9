using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

[SupportedOSPlatform("linux")]
public sealed unsafe class SeqPacketSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OwnedFolder _owned;
    private readonly SeqPacketSocket _listener;
    private readonly SeqPacketSocket _client;
    private readonly SeqPacketSocket _server;

    public SeqPacketSocketTests()
    {
        _owned = OwnedFolder.TryOpen(_folder.Path, out string problem) ?? throw new InvalidOperationException(problem);
        _listener = SeqPacketSocket.TryListen(_owned.Descriptor, "test.sock", 8, out _)!;
        Assert.Equal(PacketStatus.WouldBlock, _listener.TryAccept(out _));
        _client = SeqPacketSocket.TryConnect(_owned.Descriptor, "test.sock", out _)!;
        Assert.Equal(PacketStatus.Done, _listener.TryAccept(out SeqPacketSocket? accepted));
        _server = accepted!;
    }

    [Fact]
    public void Packets_keep_their_bounds_and_their_order()
    {
        byte[] buffer = new byte[64];
        Assert.Equal(PacketStatus.WouldBlock, _server.TryReceive(buffer, out _, out _));
        for (byte i = 1; i <= 3; i++) Assert.Equal(PacketStatus.Done, _client.TrySend(Enumerable.Repeat(i, i * 10).ToArray(), null));
        for (byte i = 1; i <= 3; i++)
        {
            Assert.Equal(PacketStatus.Done, _server.TryReceive(buffer, out int length, out FileDescriptor? none));
            Assert.Equal((i * 10, i), (length, buffer[length - 1]));
            Assert.Null(none);
        }
    }

    [Fact]
    public void A_descriptor_that_travels_opens_the_same_file()
    {
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", 4096, prefault: false, out FileDescriptor? sent));
        using (sent)
        {
            Assert.Equal(PacketStatus.Done, _client.TrySend("slab"u8, sent));
            Assert.Equal(PacketStatus.Done, _server.TryReceive(new byte[64], out int length, out FileDescriptor? received));
            Assert.Equal(4, length);
            using (received)
            {
                Assert.NotEqual(sent!.Value, received!.Value);
                Assert.Equal(InodeOf(sent), InodeOf(received));
                Assert.Equal(MemoryError.None, SealedMemory.Verify(received, 4096));
            }
        }
    }

    [Fact]
    public void A_packet_longer_than_the_buffer_is_told_and_its_descriptor_closed()
    {
        Assert.True(EventFd.TryCreate(out EventFd? travelling));
        using (travelling)
        {
            Assert.Equal(PacketStatus.Done, _client.TrySend(new byte[65], travelling!.Descriptor));
            Assert.Equal(PacketStatus.Truncated, _server.TryReceive(new byte[64], out _, out FileDescriptor? received));
            Assert.Null(received);
        }

        Assert.Equal(PacketStatus.Done, _client.TrySend("next"u8, null));
        Assert.Equal(PacketStatus.Done, _server.TryReceive(new byte[64], out _, out _));
    }

    [Fact]
    public void A_descriptor_in_an_empty_packet_is_closed_and_told()
    {
        string name = $"empty-{Guid.NewGuid():N}";
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate(name, 4096, prefault: false, out FileDescriptor? sent));
        using (sent) Assert.Equal(PacketStatus.Done, _client.TrySend([], sent));
        Assert.Equal(PacketStatus.Truncated, _server.TryReceive(new byte[64], out int length, out FileDescriptor? received));
        Assert.Equal((0, null), (length, received));
        Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd"), path => new FileInfo(path).LinkTarget?.Contains(name, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_socket_that_the_kernel_does_not_let_accept_says_so()
    {
        Assert.Equal(PacketStatus.Failed, _client.TryAccept(out SeqPacketSocket? none));   // it does not listen
        Assert.Null(none);
    }

    [Fact]
    public void Both_ends_know_this_process_as_the_other()
    {
        foreach (SeqPacketSocket socket in new[] { _client, _server })
        {
            Assert.True(socket.TryGetCredentials(out PeerCredentials credentials));
            Assert.Equal((Environment.ProcessId, CurrentUser.Id), (credentials.ProcessId, credentials.UserId));
        }
    }

    [Fact]
    public void Hanging_up_is_told_after_the_last_packet()
    {
        _client.TrySend("last"u8, null);
        _client.Dispose();
        Assert.Equal(PacketStatus.Done, _server.TryReceive(new byte[64], out int length, out _));
        Assert.Equal(4, length);
        Assert.Equal(PacketStatus.Closed, _server.TryReceive(new byte[64], out _, out _));
        Assert.Equal(PacketStatus.Closed, _server.TrySend("x"u8, null));
    }

    [Fact]
    public void A_peer_that_does_not_read_blocks_nobody()
    {
        byte[] packet = new byte[64];
        int sent = 0;
        while (_client.TrySend(packet, null) == PacketStatus.Done) Assert.InRange(++sent, 1, 1_000_000);
        Assert.Equal(PacketStatus.WouldBlock, _client.TrySend(packet, null));
        for (int i = 0; i < sent; i++) Assert.Equal(PacketStatus.Done, _server.TryReceive(packet, out _, out _));
        Assert.Equal(PacketStatus.Done, _client.TrySend(packet, null));
    }

    [Fact]
    public void A_socket_that_is_not_there_is_refused_with_its_reason()
    {
        Assert.Null(SeqPacketSocket.TryConnect(_owned.Descriptor, "nobody.sock", out int errno));
        Assert.Equal(Errno.NoEntry, errno);
        _listener.Dispose();
        Assert.Null(SeqPacketSocket.TryConnect(_owned.Descriptor, "test.sock", out errno));
        Assert.Equal(Errno.ConnectionRefused, errno);
    }

    [Fact]
    public void A_link_at_the_name_of_a_socket_is_not_followed()
    {
        File.CreateSymbolicLink(_folder["link.sock"], _folder["test.sock"]);
        Assert.Null(SeqPacketSocket.TryConnect(_owned.Descriptor, "link.sock", out int errno));
        Assert.Equal(Errno.ConnectionRefused, errno);
        Assert.Equal(PacketStatus.WouldBlock, _listener.TryAccept(out _));
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _listener.Dispose();
        _owned.Dispose();
        _folder.Dispose();
    }

    private static ulong InodeOf(FileDescriptor descriptor)
    {
        Libc.StatXResult result;
        Assert.Equal(0, Libc.StatX(descriptor.Value, string.Empty, Libc.StatXResult.EmptyPath, Libc.StatXResult.BasicStats, &result));
        return result.Inode;
    }
}
