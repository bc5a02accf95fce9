using System.Buffers;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Smc.Actors.Inspection.Door;
using Smc.Host.Inspect;
using Smc.Host.Top;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Tests.Top;

/// <summary>Processes of which some do not answer.</summary>
[SupportedOSPlatform("linux")]
public sealed class TopSourceTests : TestFolder
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Of_many_that_do_not_answer_each_is_left_out_and_left_alone_for_a_while()
    {
        const int silent = 16;
        using LocalDoor speaker = LocalDoor.TryOpen(Folder, out _)!;
        LocalDoor[] doors = [.. Enumerable.Range(0, silent).Select(_ => LocalDoor.TryOpen(Folder, out string _)!)];
        Task speaking = SpeakAsync(speaker);
        using (var source = new TopSource(Folder, only: null, Patience))
        {
            Assert.Single(await source.TakeAsync(CancellationToken.None));
            LocalVisitor?[] first = await Task.WhenAll(doors.Select(door => door.AcceptAsync()));
            Assert.Single(await source.TakeAsync(CancellationToken.None));
            Task<LocalVisitor?>[] next = [.. doors.Select(door => door.AcceptAsync())];
            Assert.All(next, visit => Assert.False(visit.IsCompleted));   // whoever enters is in the queue before the sample ends
            foreach (LocalVisitor? visitor in first) visitor?.Dispose();
        }

        foreach (LocalDoor door in doors) door.Dispose();
        await speaking;
    }

    [Fact]
    public async Task Two_doors_of_one_process_are_two()
    {
        using LocalDoor one = LocalDoor.TryOpen(Folder, out _)!;
        using LocalDoor another = LocalDoor.TryOpen(Folder, out _)!;
        Task speaking = Task.WhenAll(SpeakAsync(one), SpeakAsync(another));
        using (var source = new TopSource(Folder, only: null, TimeSpan.FromMinutes(1)))
        {
            IReadOnlyList<TopProcess> before = await source.TakeAsync(CancellationToken.None);
            TopRates rates = TopRates.Between(before, await source.TakeAsync(CancellationToken.None), TopSamples.At);
            Assert.Equal(2, rates.Processes.Select(process => process.NameAmong(rates.Processes)).Distinct().Count());
        }

        await speaking;
    }

    [Theory]
    [InlineData("812A0A0A")]
    [InlineData("812a0a0a-0000-0000-0000-000000000001")]
    public async Task One_is_found_by_the_beginning_of_its_GID(string only)
    {
        using LocalDoor one = LocalDoor.TryOpen(Folder, out _)!;
        string name = DoorName.Of(Assert.Single(LocalDoor.Find(Folder)));
        using LocalDoor another = LocalDoor.TryOpen(Folder, out _)!;
        Task speaking = Task.WhenAll(SpeakAsync(one, "812a0a0a-0000-0000-0000-000000000001"), SpeakAsync(another, "ffeeddcc-0000-0000-0000-000000000001"));
        using (var source = new TopSource(Folder, only, TimeSpan.FromMinutes(1)))
        {
            for (int i = 0; i < 2; i++) Assert.Equal(name, Assert.Single(await source.TakeAsync(CancellationToken.None)).Door);
        }

        await speaking;
    }

    /// <summary>Answers one visitor until he leaves.</summary>
    private static async Task SpeakAsync(LocalDoor door, string gid = "")
    {
        using LocalVisitor visitor = (await door.AcceptAsync())!;
        var reader = new InspectionReader(visitor.Stream);
        byte[] text = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""{"gid":"{{gid}}","pid":{{Environment.ProcessId}},"version":"1","down":"","fallbacks":0,"violations":0,"rows":[]}"""));
        while (await reader.ReadLineAsync(CancellationToken.None) is not null)
        {
            foreach ((byte[] header, ReadOnlyMemory<byte> body) in InspectionFrames.Answer(FrameKind.Final, new ReadOnlySequence<byte>(text)))
            {
                await visitor.Stream.WriteAsync(header);
                await visitor.Stream.WriteAsync(body);
            }
        }
    }
}
