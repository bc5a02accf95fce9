using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

/// <summary>Going in where nobody answers.</summary>
[SupportedOSPlatform("linux")]
public sealed class LocalDoorTests : IDisposable
{
    private const UnixFileMode ForAll = (UnixFileMode)0b111_111_111;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Who_goes_in_is_known_to_both_sides()
    {
        using LocalDoor door = LocalDoor.TryOpen(_folder.Path, out _)!;
        Task<LocalVisitor?> taking = door.AcceptAsync();
        using LocalVisitor visitor = LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(_folder.Path)))!;
        using LocalVisitor? taken = await taking;
        Assert.Equal((Environment.ProcessId, Environment.ProcessId), (visitor.Peer.ProcessId, taken!.Peer.ProcessId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_visitor_whom_nobody_has_taken_is_shown_out_with_the_door(bool isGiven)
    {
        LocalDoor door = LocalDoor.TryOpen(_folder.Path, out _)!;
        Task<LocalVisitor?> taking = door.AcceptAsync();
        using LocalVisitor visitor = LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(_folder.Path)))!;
        using LocalVisitor? taken = await taking;
        if (isGiven) door.Give();
        door.Dispose();
        if (isGiven) taken!.Stream.Write("x"u8);
        visitor.Stream.ReadTimeout = 60_000;   // a guard against a hang
        Assert.Equal(isGiven ? 1 : 0, visitor.Stream.Read(new byte[1]));
    }

    [Fact]
    public async Task Pieces_arrive_one_behind_the_other_and_whole_where_they_are_more_than_the_socket_has_room_for()
    {
        using LocalDoor door = LocalDoor.TryOpen(_folder.Path, out _)!;
        Task<LocalVisitor?> taking = door.AcceptAsync();
        using LocalVisitor visitor = LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(_folder.Path)))!;
        using LocalVisitor? taken = await taking;
        byte[] whole = [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i % 251))];
        Task sending = taken!.SendAsync([default, .. whole.Chunk(65_537).Select(piece => (ReadOnlyMemory<byte>)piece)]);
        var read = new byte[whole.Length];
        await visitor.Stream.ReadExactlyAsync(read);
        await sending;
        Assert.True(read.AsSpan().SequenceEqual(whole));
    }

    [Fact]
    public void Who_finds_a_queue_before_a_door_that_nobody_minds_gives_up()
    {
        using LocalDoor door = LocalDoor.TryOpen(_folder.Path, out _)!;
        string path = Assert.Single(LocalDoor.Find(_folder.Path));
        var waiting = new List<LocalVisitor>();
        while (LocalDoor.TryEnter(path, TimeSpan.FromMilliseconds(20)) is { } visitor) waiting.Add(visitor);
        Assert.InRange(waiting.Count, 1, 4096);   // as many as the kernel lets wait
        Assert.Single(LocalDoor.Find(_folder.Path));
        foreach (LocalVisitor visitor in waiting) visitor.Dispose();
    }

    [Fact]
    public void A_door_of_the_dead_is_removed_by_who_finds_it_and_one_that_cannot_be_removed_is_none()
    {
        string door = LeaveDoor("dead");
        Assert.Null(LocalDoor.TryEnter(door));
        Assert.False(File.Exists(door));

        Directory.CreateDirectory(_folder["folder" + LocalDoor.Suffix]);   // no socket, and File.Delete fails at it
        Assert.Null(LocalDoor.TryEnter(_folder["folder" + LocalDoor.Suffix]));
        Assert.Null(LocalDoor.TryEnter(_folder["missing" + LocalDoor.Suffix]));
        Assert.Null(LocalDoor.TryEnter(_folder["no folder/missing" + LocalDoor.Suffix]));
        Assert.False(Directory.Exists(_folder["no folder"]));
    }

    [Fact]
    public void Nothing_in_a_folder_that_others_may_enter_is_a_door_and_nothing_is_removed_there()
    {
        string door = LeaveDoor("dead");
        File.SetUnixFileMode(_folder.Path, ForAll);
        Assert.Null(LocalDoor.TryEnter(door));
        Assert.True(File.Exists(door));
    }

    [Fact]
    public void A_link_to_a_door_is_none()
    {
        using LocalDoor door = LocalDoor.TryOpen(_folder["doors"], out _)!;
        string real = LocalDoor.Find(_folder["doors"])[0];
        string link = _folder["doors/link" + LocalDoor.Suffix];
        File.CreateSymbolicLink(link, real);
        Assert.Null(LocalDoor.TryEnter(link));
        using LocalVisitor? visitor = LocalDoor.TryEnter(real);
        Assert.NotNull(visitor);
    }

    [Fact]
    public void What_is_removed_stood_in_the_folder_that_was_looked_at_whatever_its_path_leads_to_by_now()
    {
        string path = _folder["doors"];
        LocalDoor door = LocalDoor.TryOpen(path, out _)!;
        string[] names = [.. Directory.GetFiles(path).Select(file => Path.GetFileName(file))];
        Assert.Equal(2, names.Length);
        Directory.Move(path, _folder["moved"]);
        Directory.CreateDirectory(_folder["other"]);
        foreach (string name in names) File.WriteAllText(_folder[$"other/{name}"], "not a door");
        File.CreateSymbolicLink(path, _folder["other"]);
        door.Dispose();
        Assert.Equal(names.Length, Directory.GetFiles(_folder["other"]).Length);
        Assert.Empty(Directory.GetFiles(_folder["moved"]));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What a killed process leaves: a name that nobody listens behind.</summary>
    private string LeaveDoor(string name)
    {
        string path = _folder[name + LocalDoor.Suffix];
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder["bound"]));
        File.Move(_folder["bound"], path);   // .NET removes the name that it has bound
        return path;
    }
}
