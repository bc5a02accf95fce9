using System.Runtime.Versioning;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection.Door;
using Smc.Transport.Interop.Linux;

namespace Actors.Tests.Inspection.Door;

/// <summary>Who may look into a process, and what he gets.</summary>
[SupportedOSPlatform("linux")]
public sealed class InspectionDoorTests : RendezvousTest
{
    private const UnixFileMode ForAll = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task A_door_of_mode_0600_answers_one_request_after_another()
    {
        await StartRuntimeAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(await TheDoorAsync()));
        using LocalVisitor visitor = await EnterAsync();
        Assert.Equal(Environment.ProcessId, visitor.Peer.ProcessId);
        Assert.Equal((FrameKind.Final, "Count: 0 connections (of 0; 0 SMCD)"), await AskAsync(visitor, "connections"));
        Assert.Equal((FrameKind.Error, "-m must be smcd or smcr or tcp, was 'rdma'."), await AskAsync(visitor, "connections", "-m", "rdma"));
        Assert.Equal((FrameKind.Final, "Count: 0 fallbacks, 0 reasons"), await AskAsync(visitor, "fallbacks"));
    }

    [Fact]
    public async Task A_runtime_without_shared_memory_can_be_looked_into()
    {
        await StartRuntimeAsync("smc.negotiation = never");
        using LocalVisitor visitor = await EnterAsync();
        await visitor.Stream.WriteAsync(InspectionFrames.Request(120, ["info"]));
        (_, string text) = await new InspectionReader(visitor.Stream).ReadAnswerAsync(CancellationToken.None).Guard();
        Assert.Contains("SMC-D        down: 0x0a000007", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no width")]
    [InlineData("0\tinfo")]
    [InlineData("")]
    public async Task Who_speaks_another_language_is_shown_out(string line)
    {
        await StartRuntimeAsync();
        using LocalVisitor visitor = await EnterAsync();
        await visitor.Stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Equal(0, await visitor.Stream.ReadAsync(new byte[1]).AsTask().Guard());
    }

    [Fact]
    public async Task A_request_without_an_end_is_cut_off()
    {
        await StartRuntimeAsync();
        using LocalVisitor visitor = await EnterAsync();
        await visitor.Stream.WriteAsync(new byte[InspectionFrames.MaxRequest]);
        Assert.Equal(0, await visitor.Stream.ReadAsync(new byte[1]).AsTask().Guard());
    }

    [Fact]
    public async Task Who_asks_before_the_answer_is_answered_in_turn()
    {
        await StartRuntimeAsync();
        using LocalVisitor visitor = await EnterAsync();
        await visitor.Stream.WriteAsync((byte[])[.. InspectionFrames.Request(120, ["connections"]), .. InspectionFrames.Request(120, ["nothing"]), .. InspectionFrames.Request(120, ["info"])]);
        var reader = new InspectionReader(visitor.Stream);
        foreach (FrameKind expected in new[] { FrameKind.Final, FrameKind.Error, FrameKind.Final })
            Assert.Equal(expected, (await reader.ReadAnswerAsync(CancellationToken.None).Guard()).Kind);
    }

    [Fact]
    public async Task Who_watches_hears_what_happens_until_he_asks_for_something_else()
    {
        Pair pair = await StartPairAsync("smc.negotiation = never");
        using LocalVisitor visitor = LocalDoor.TryEnter(LocalDoor.Find(Folder)[0])!;   // of either: both have the connection
        await visitor.Stream.WriteAsync(InspectionFrames.Request(400, ["tail", "-j"]));
        var reader = new InspectionReader(visitor.Stream);
        Assert.Equal((FrameKind.More, ""), await reader.ReadAnswerAsync(CancellationToken.None).Guard());   // from now on
        await (await pair.ConnectAsync()).DisposeAsync();
        foreach (string expected in new[] { "opened", "closed" })
        {
            string text;
            do text = (await reader.ReadAnswerAsync(CancellationToken.None).Guard()).Text;
            while (!text.Contains($"\"event\":\"{expected}\"", StringComparison.Ordinal));
            Assert.Contains("\"id\":\"c1\"", text, StringComparison.Ordinal);
        }

        await visitor.Stream.WriteAsync(InspectionFrames.Request(120, ["connections"]));
        FrameKind kind;
        do kind = (await reader.ReadAnswerAsync(CancellationToken.None).Guard()).Kind;
        while (kind == FrameKind.More);
        Assert.Equal((FrameKind.Final, "Count: 0 connections (of 0; 0 SMCD)\n"), Tail(await reader.ReadAnswerAsync(CancellationToken.None).Guard()));

        static (FrameKind Kind, string LastLine) Tail((FrameKind Kind, string Text) answer) => (answer.Kind, answer.Text.TrimEnd().Split('\n')[^1] + "\n");
    }

    [Fact]
    public async Task The_door_of_a_runtime_that_has_ended_is_gone()
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        await TheDoorAsync();
        await runtime.DisposeAsync();
        Assert.Empty(LocalDoor.Find(Folder));
    }

    [Fact]
    public async Task The_door_of_a_killed_process_is_removed_by_the_next_who_knocks()
    {
        (PeerProcess server, _) = await ServeAsync("serve", "sink", FolderArgument);
        string door = await TheDoorAsync();
        await server.KillAsync();
        Assert.Null(LocalDoor.TryEnter(door));
        Assert.Empty(LocalDoor.Find(Folder));
    }

    [PrivilegedFact]
    public async Task Another_user_is_not_let_in_even_where_somebody_opened_the_folder_to_all()
    {
        await StartRuntimeAsync();
        string door = await TheDoorAsync();
        PeerProcess visitor = await ReadyAsync("visitor", "look", FolderArgument);
        File.SetUnixFileMode(Folder, ForAll);
        File.SetUnixFileMode(door, ForAll);
        File.SetUnixFileMode(Path.GetDirectoryName(Folder)!, ForAll);
        await visitor.TellAsync("connect");
        Assert.Contains(await visitor.LineAsync(""), new[] { "got 0 bytes", "closed: ConnectionReset", "closed: Shutdown" });
    }

    private async Task<string> TheDoorAsync()
    {
        await Eventually.TrueAsync(() => LocalDoor.Find(Folder).Count == 1, "the door is open");
        return LocalDoor.Find(Folder)[0];
    }

    private async Task<LocalVisitor> EnterAsync() => LocalDoor.TryEnter(await TheDoorAsync())!;

    private static async Task<(FrameKind Kind, string LastLine)> AskAsync(LocalVisitor visitor, params string[] words)
    {
        await visitor.Stream.WriteAsync(InspectionFrames.Request(120, words));
        (FrameKind kind, string text) = await new InspectionReader(visitor.Stream).ReadAnswerAsync(CancellationToken.None).Guard();
        return (kind, text.TrimEnd().Split('\n')[^1]);
    }
}
