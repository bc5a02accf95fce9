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

    private static async Task<CommandFailure> AskAsync(InspectClient client, TimeSpan patience) =>
        await Assert.ThrowsAsync<CommandFailure>(() => client.AskAsync(80, ["info"], _ => { }, patience, CancellationToken.None));

    private async Task<(InspectClient Client, LocalVisitor Visitor)> EnterAsync(LocalDoor door)
    {
        Task<LocalVisitor?> taking = door.AcceptAsync();
        var client = new InspectClient(LocalDoor.TryEnter(Assert.Single(LocalDoor.Find(Folder)))!);
        return (client, (await taking)!);
    }
}
