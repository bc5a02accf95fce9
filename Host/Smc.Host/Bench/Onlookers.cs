using System.Globalization;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>
/// A process whose <see cref="Inspector"/>s look into a bench server, each once a second, one after the other over that second. It answers <c>begin</c> when
/// each has been answered once, and <c>end</c> by the number of answers since, and the milliseconds of CPU that it took for them. It ends with its standard input, and at the first answer that is wrong.
/// </summary>
internal sealed class Onlookers : IAsyncDisposable
{
    /// <summary>The workload of this process.</summary>
    public const string Workload = "look";

    private const string BeginLine = "begin";
    private const string EndLine = "end";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>Of the answers that there would be if each looked once a second, how many there have to be: fewer, and the server has kept them waiting.</summary>
    private const double LeastShare = 0.9;

    /// <summary>A run with fewer answers to come is too short to judge: one late answer is a tenth of it. It has to have one.</summary>
    private const int FewestToJudge = 20;

    /// <summary>
    /// A hundred inspectors in one process are to cost what a hundred do that have looked for a while: each sleeps on a thread of its own between two questions,
    /// and their code is compiled once, before they are counted.
    /// </summary>
    private static readonly Dictionary<string, string> AsApart = new() { ["DOTNET_TieredCompilation"] = "0" };

    private readonly PeerProcess _process;
    private readonly int _inspectors;
    private long _begun;

    private Onlookers(PeerProcess process, int inspectors)
    {
        _process = process;
        _inspectors = inspectors;
    }

    /// <summary>Starts the process.</summary>
    /// <param name="client">Of the client whose server it is to look into.</param>
    public static Onlookers Start(PeerConfiguration client) =>
        new(PeerProcess.Start(AsApart, "bench-peer", (client with { Workload = Workload }).ToString()), client.Inspectors);

    /// <summary>What the process does.</summary>
    public static async Task RunAsync(PeerConfiguration configuration, CancellationToken ct)
    {
        while (await Console.In.ReadLineAsync(ct) is not null)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            AnswerJudge[] judges = [.. Enumerable.Range(0, Inspector.Questions).Select(_ => new AnswerJudge())];
            var inspectors = new Inspector[configuration.Inspectors];
            for (int i = 0; i < inspectors.Length; i++) inspectors[i] = await Inspector.EnterAsync(configuration, judges, i, ct);
            foreach (Inspector inspector in inspectors) inspector.Ask();
            Task[] looking = [.. inspectors.Select(inspector => inspector.LookAsync(end.Token))];
            TimeSpan begun = Environment.CpuUsage.TotalTime;
            await BenchPeer.SayAsync("0 0");
            Task<string?> ending = Console.In.ReadLineAsync(ct).AsTask();
            if (await Task.WhenAny(looking.Append(ending)) is var first && first != ending) await first;   // one has failed
            await end.CancelAsync();
            await Task.WhenAll(looking);
            TimeSpan cpu = Environment.CpuUsage.TotalTime - begun;
            foreach (Inspector inspector in inspectors) inspector.Dispose();
            await BenchPeer.SayAsync(string.Create(CultureInfo.InvariantCulture, $"{inspectors.Sum(inspector => inspector.Answers)} {(long)cpu.TotalMilliseconds}"));
        }
    }

    /// <summary>They begin to look.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        await AskAsync(BeginLine, ct);
        _begun = TimeProvider.System.GetTimestamp();
    }

    /// <summary>They leave.</summary>
    /// <returns>Answers an inspector a second, and the milliseconds of CPU that all of them took a second.</returns>
    /// <exception cref="CommandFailure">An answer was wrong, or there were too few.</exception>
    public async Task<(double Answers, double Cpu)> EndAsync(CancellationToken ct)
    {
        double seconds = TimeProvider.System.GetElapsedTime(_begun).TotalSeconds;
        (int answers, int cpu) = await AskAsync(EndLine, ct);
        if (AreEnough(answers, _inspectors * seconds)) return (answers / (_inspectors * seconds), cpu / seconds);
        throw CommandFailure.Failed(string.Create(CultureInfo.InvariantCulture, $"{answers} answers to {_inspectors} inspectors in {seconds:0.0} s are too few."));
    }

    /// <param name="answers">That came.</param>
    /// <param name="due">One an inspector a second.</param>
    public static bool AreEnough(int answers, double due) => answers >= (due < FewestToJudge ? 1 : LeastShare * due);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<(int Answers, int Cpu)> AskAsync(string line, CancellationToken ct)
    {
        await _process.WriteLineAsync(line);
        string answer = await _process.ReadLineAsync(AnswerLimit, ct);
        string[] words = answer.Split(' ');
        bool isUnderstood = int.TryParse(words[0], CultureInfo.InvariantCulture, out int count) & int.TryParse(words[^1], CultureInfo.InvariantCulture, out int cpu);
        return isUnderstood ? (count, cpu) : throw CommandFailure.Failed($"the onlookers said '{answer}'.");
    }
}
