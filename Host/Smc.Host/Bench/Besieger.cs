using System.Globalization;
using System.Net;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Bench;

/// <summary>
/// Processes that keep <see cref="SilentHandshakes"/> at a bench server, each no more than a listener lets one have at once. Each answers
/// <c>begin</c>, <c>count</c> and <c>end</c> by the fewest that stood at once since it was asked last, and ends with its standard input.
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

    /// <summary>A listener lets each process have 256 handshakes at once (a quarter of its accept queue): these shall all be running.</summary>
    private const int MostOfProcess = 250;

    private readonly List<PeerProcess> _processes = [];

    private Besieger(PeerConfiguration client)
    {
        try
        {
            for (int left = client.Silent; left > 0; left -= MostOfProcess)
            {
                PeerConfiguration one = client with { Workload = Workload, Silent = Math.Min(left, MostOfProcess) };
                _processes.Add(PeerProcess.Start("bench-peer", one.ToString()));
            }
        }
        catch
        {
            foreach (PeerProcess begun in _processes) begun.Kill();   // nobody else knows of them
            throw;
        }
    }

    /// <summary>Starts the processes.</summary>
    /// <param name="client">Of the client whose server it is to besiege.</param>
    public static Besieger Start(PeerConfiguration client) => new(client);

    /// <summary>What each process does.</summary>
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

    public async ValueTask DisposeAsync()
    {
        foreach (PeerProcess process in _processes) await process.DisposeAsync();
    }

    /// <returns>The sum of what they answer.</returns>
    private async Task<int> AskAsync(string line, CancellationToken ct)
    {
        foreach (PeerProcess process in _processes) await process.WriteLineAsync(line);
        int sum = 0;
        foreach (PeerProcess process in _processes) sum += CountOf(await process.ReadLineAsync(AnswerLimit, ct));
        return sum;
    }

    private static int CountOf(string answer) =>
        int.TryParse(answer, CultureInfo.InvariantCulture, out int count) ? count : throw CommandFailure.Failed($"a besieger said '{answer}'.");
}
