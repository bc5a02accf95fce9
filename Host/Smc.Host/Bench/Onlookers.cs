using System.Globalization;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>
/// A process whose <see cref="Inspector"/>s look into a bench server, each once a second, one after the other over that second. It answers <c>begin</c> when
/// each has been answered once, and <c>end</c> by the number of answers since. It ends with its standard input, and at the first answer that is wrong.
/// </summary>
internal sealed class Onlookers : IAsyncDisposable
{
    /// <summary>The workload of this process.</summary>
    public const string Workload = "look";

    private const string BeginLine = "begin";
    private const string EndLine = "end";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly PeerProcess _process;

    private Onlookers(PeerProcess process) => _process = process;

    /// <summary>Starts the process.</summary>
    /// <param name="client">Of the client whose server it is to look into.</param>
    public static Onlookers Start(PeerConfiguration client) => new(PeerProcess.Start("bench-peer", (client with { Workload = Workload }).ToString()));

    /// <summary>What the process does.</summary>
    public static async Task RunAsync(PeerConfiguration configuration, CancellationToken ct)
    {
        while (await Console.In.ReadLineAsync(ct) is not null)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Inspector[] inspectors = [.. Enumerable.Range(0, configuration.Inspectors).Select(i => Inspector.Enter(configuration, i))];
            await Task.WhenAll(inspectors.Select(inspector => inspector.AskAsync(ct)));
            Task[] looking = [.. inspectors.Select(inspector => inspector.LookAsync(end.Token))];
            await BenchPeer.SayAsync("0");
            Task<string?> ending = Console.In.ReadLineAsync(ct).AsTask();
            if (await Task.WhenAny(looking.Append(ending)) is var first && first != ending) await first;   // one has failed
            await end.CancelAsync();
            await Task.WhenAll(looking);
            foreach (Inspector inspector in inspectors) inspector.Dispose();
            await BenchPeer.SayAsync(inspectors.Sum(inspector => inspector.Answers).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>They begin to look.</summary>
    public Task BeginAsync(CancellationToken ct) => AskAsync(BeginLine, ct);

    /// <summary>They leave.</summary>
    /// <exception cref="CommandFailure">An answer was wrong, or nobody was answered.</exception>
    public async Task EndAsync(CancellationToken ct)
    {
        if (await AskAsync(EndLine, ct) == 0) throw CommandFailure.Failed("no inspector was answered while the run lasted");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<int> AskAsync(string line, CancellationToken ct)
    {
        await _process.WriteLineAsync(line);
        string answer = await _process.ReadLineAsync(AnswerLimit, ct);
        return int.TryParse(answer, CultureInfo.InvariantCulture, out int count) ? count : throw CommandFailure.Failed($"the onlookers said '{answer}'.");
    }
}
