using System.Runtime.Versioning;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Tests.Inspect;

/// <summary>A process that lets visitors in, and then does what it should not.</summary>
[SupportedOSPlatform("linux")]
public sealed class InspectClientTests : TestFolder
{
    [Fact]
    public async Task One_that_says_nothing_is_not_waited_for()
    {
        using LocalDoor door = LocalDoor.TryOpen(Folder, out _)!;
        (InspectClient client, LocalVisitor visitor) = await EnterAsync(door);
        using (visitor)
        using (client)
            Assert.Equal($"process {Environment.ProcessId} does not answer.", (await AskAsync(client, TimeSpan.FromMilliseconds(50))).Message);
    }

    [Fact]
    public async Task One_that_ends_in_the_middle_is_named()
    {
        using LocalDoor door = LocalDoor.TryOpen(Folder, out _)!;
        (InspectClient client, LocalVisitor visitor) = await EnterAsync(door);
        using (client)
        {
            await visitor.Stream.WriteAsync("More 4\nhalf"u8.ToArray());
            visitor.Stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            Assert.Equal($"process {Environment.ProcessId}: the process has ended.", (await AskAsync(client, TimeSpan.FromMinutes(1))).Message);
        }

        visitor.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_it_says_is_nothing_that_a_terminal_obeys(bool blocks)
    {
        using LocalDoor door = LocalDoor.TryOpen(Folder, out _)!;
        (InspectClient client, LocalVisitor visitor) = await EnterAsync(door, blocks);
        using (client)
        using (visitor)
        {
            await visitor.Stream.WriteAsync("Final 6\none\u001bc\n"u8.ToArray());
            string printed = string.Empty;
            Assert.True(await client.AskAsync(80, ["info"], text => printed += text, CancellationToken.None));
            Assert.Equal("one\\x1bc\n", printed);
        }
    }

    [Fact]
    public async Task Who_has_a_thread_to_wait_with_is_answered_when_the_call_returns()
    {
        using LocalDoor door = LocalDoor.TryOpen(Folder, out _)!;
        (InspectClient client, LocalVisitor visitor) = await EnterAsync(door, blocks: true);
        using (client)
        using (visitor)
        using (var document = new DocumentBytes())
        {
            await visitor.Stream.WriteAsync("More 3\none"u8.ToArray());
            Task late = Task.Run(async () =>
            {
                var request = new byte[1];
                await visitor.Stream.ReadExactlyAsync(request);
                await visitor.Stream.WriteAsync("Final 3\ntwo"u8.ToArray());
            });
            Assert.True(client.ReadAsync(["info"], document, Timeout.InfiniteTimeSpan, CancellationToken.None) is { IsCompleted: true, Result: true });
            Assert.Equal("onetwo"u8, document.Written.Span);
            await late;
        }
    }

    [Fact]
    public async Task Two_with_one_number_are_told_apart_by_their_doors()
    {
        using LocalDoor first = LocalDoor.TryOpen(Folder, out _)!;
        using LocalDoor second = LocalDoor.TryOpen(Folder, out _)!;
        string[] doors = [.. LocalDoor.Find(Folder).Select(DoorName.Of).Order(StringComparer.Ordinal)];
        CommandFailure several = await Assert.ThrowsAsync<CommandFailure>(() => InspectClient.EnterAsync(Folder, $"{Environment.ProcessId}", CancellationToken.None));
        Assert.Equal($"several processes use Smc.Actors: say which by -p, of {Environment.ProcessId} (door {doors[0][..8]}), {Environment.ProcessId} (door {doors[1][..8]}).", several.Message);
        foreach (string name in doors)
        {
            using InspectClient client = await InspectClient.EnterAsync(Folder, name[..8], CancellationToken.None);
            Assert.Equal(name, client.Door);
        }
    }

    private static async Task<CommandFailure> AskAsync(InspectClient client, TimeSpan patience) =>
        await Assert.ThrowsAsync<CommandFailure>(() => client.AskAsync(80, ["info"], _ => { }, patience, CancellationToken.None));

    private async Task<(InspectClient Client, LocalVisitor Visitor)> EnterAsync(LocalDoor door, bool blocks = false)
    {
        Task<LocalVisitor?> taking = door.AcceptAsync();
        string path = Assert.Single(LocalDoor.Find(Folder));
        var client = new InspectClient(DoorName.Of(path), LocalDoor.TryEnter(path)!, blocks);
        return (client, (await taking)!);
    }
}
