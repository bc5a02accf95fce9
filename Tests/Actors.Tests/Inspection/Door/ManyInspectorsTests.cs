using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Actors.Tests.Harness;
using Smc.Actors.Inspection.Door;
using Smc.Transport.Interop.Linux;

namespace Actors.Tests.Inspection.Door;

/// <summary>Many look in at once while connections come and go: each answer is whole, and says what is open.</summary>
[SupportedOSPlatform("linux")]
public sealed class ManyInspectorsTests : RendezvousTest
{
    private const int Inspectors = 20;
    private const int Connections = 100;
    private const int Questions = 25;

    [Fact]
    public async Task Every_answer_is_whole_and_counts_what_is_open()
    {
        Pair pair = await StartPairAsync();
        var open = new List<Ends>();
        while (open.Count < Connections) open.Add(await pair.ConnectAsync());
        using var end = new CancellationTokenSource();
        Task<int> passing = PassAsync(pair, end.Token);
        string[] doors = [.. LocalDoor.Find(Folder)];   // of the server and of the client: both have the connections
        Assert.Equal(2, doors.Length);
        await Task.WhenAll(Enumerable.Range(0, Inspectors).Select(i => Task.Run(() => LookAsync(doors[i % 2], i)))).Guard();
        await end.CancelAsync();
        Assert.True(await passing.Guard() > 0);
        foreach (Ends ends in open) await ends.DisposeAsync();
    }

    private static async Task<int> PassAsync(Pair pair, CancellationToken end)
    {
        int passed = 0;
        for (; !end.IsCancellationRequested; passed++) await (await pair.ConnectAsync()).DisposeAsync();
        return passed;
    }

    private static async Task LookAsync(string door, int number)
    {
        using LocalVisitor visitor = LocalDoor.TryEnter(door)!;
        var reader = new InspectionReader(visitor.Stream);
        for (int i = 0; i < Questions; i++)
        {
            switch ((number + i) % 4)
            {
                case 0: IsWhole(await AskAsync(visitor, reader, "connections", "-j")); break;
                case 1: IsWhole(await AskAsync(visitor, reader, "top", "-j")); break;
                case 2: Assert.InRange((await AskAsync(visitor, reader, "stats", "-j")).GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("open").GetInt32()), Connections, int.MaxValue); break;
                default: Assert.Equal(Environment.ProcessId, (await AskAsync(visitor, reader, "info", "-j")).GetProperty("pid").GetInt32()); break;
            }
        }
    }

    /// <summary>As many rows as it says, each connection once, and all that are open.</summary>
    private static void IsWhole(JsonElement answer)
    {
        string[] ids = [.. answer.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];
        Assert.Equal(answer.GetProperty("count").GetInt32(), ids.Length);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Empty(Enumerable.Range(1, Connections).Select(id => $"c{id}").Except(ids));
    }

    private static async Task<JsonElement> AskAsync(LocalVisitor visitor, InspectionReader reader, params string[] words)
    {
        await visitor.Stream.WriteAsync(InspectionFrames.Request(120, words));
        var text = new StringBuilder();
        (FrameKind Kind, string Text) answer;
        do
        {
            answer = await reader.ReadAnswerAsync(CancellationToken.None).Guard();
            text.Append(answer.Text);
        }
        while (answer.Kind == FrameKind.More);
        Assert.True(answer.Kind == FrameKind.Final, text.ToString());
        using JsonDocument document = JsonDocument.Parse(text.ToString());
        return document.RootElement.Clone();
    }
}
