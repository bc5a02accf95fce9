using System.Globalization;
using System.Net;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>
/// A process that keeps <see cref="SilentHandshakes"/> at a bench server. It answers <c>begin</c>, <c>count</c> and <c>end</c> by the
/// fewest that stood at once since it was asked last. It ends with its standard input.
/// </summary>
internal sealed class Besieger : IAsyncDisposable
{
    /// <summary>The workload of this process.</summary>
    public const string Workload = "besiege";

    private const string BeginLine = "begin";
    private const string CountLine = "count";
    private const string EndLine = "end";

    /// <summary>smc.handshake.clc-timeout: what begins over that time ends over that time, and begins again.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly PeerProcess _process;

    private Besieger(PeerProcess process) => _process = process;

    /// <summary>Starts the process.</summary>
    /// <param name="client">Of the client whose server it is to besiege.</param>
    public static Besieger Start(PeerConfiguration client) =>
        new(PeerProcess.Start("bench-peer", (client with { Workload = Workload }).ToString()));

    /// <summary>What the process does.</summary>
    public static async Task RunAsync(PeerConfiguration configuration, CancellationToken ct)
    {
        SilentHandshakes? silent = null;
        while (await Console.In.ReadLineAsync(ct) is { } line)
        {
            if (line == BeginLine)
            {
                silent = new SilentHandshakes(
                    configuration.Folder, IPEndPoint.Parse(configuration.At), configuration.Silent, configuration.FixedCount > 0 ? default : Deadline);
                await silent.BeginAsync().WaitAsync(ct);
            }
            int fewest = silent?.TakeFewest() ?? 0;
            if (line == EndLine && silent is not null) await silent.DisposeAsync();
            await BenchPeer.SayAsync(fewest.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Begins the handshakes, and waits until all stand.</summary>
    public Task BeginAsync(CancellationToken ct) => AskAsync(BeginLine, ct);

    /// <summary>The fewest that stood at once since they were counted last.</summary>
    public Task<int> CountAsync(CancellationToken ct) => AskAsync(CountLine, ct);

    /// <summary>Withdraws them, and waits until the server has let go of all.</summary>
    public Task EndAsync(CancellationToken ct) => AskAsync(EndLine, ct);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<int> AskAsync(string line, CancellationToken ct)
    {
        await _process.WriteLineAsync(line);
        string answer = await _process.ReadLineAsync(AnswerLimit, ct);
        return int.TryParse(answer, CultureInfo.InvariantCulture, out int count) ? count : throw CommandFailure.Failed($"a besieger said '{answer}'.");
    }
}
