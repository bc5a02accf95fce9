using System.Text;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;

namespace Smc.Host.Bench;

/// <summary>One who looks into a bench server, as <c>smc inspect</c> does, on a thread of its own, and judges every answer.</summary>
internal sealed class Inspector : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EnterLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EnterPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Different questions that are asked in turn.</summary>
    public const int Questions = 4;

    /// <summary>What is asked in turn, and least how many rows there are to be: connections are all open while one is asked.</summary>
    private readonly (string[] Words, int Rows)[] _questions;

    private readonly IReadOnlyList<AnswerJudge> _judges;

    private readonly InspectClient _client;
    private readonly TimeSpan _delay;
    private int _next;

    private Inspector(InspectClient client, PeerConfiguration configuration, IReadOnlyList<AnswerJudge> judges, int number)
    {
        _client = client;
        _judges = judges;
        _delay = Period * number / configuration.Inspectors;
        _questions = [(["connections", "-j"], configuration.Idle + 1), (["top", "-j"], configuration.Idle + 1), (["stats", "-j"], 1), (["fallbacks", "-j"], 0)];
        _next = number;
    }

    /// <summary>Answers so far.</summary>
    public int Answers { get; private set; }

    /// <summary>Goes into the server. A machine that is busy may keep a visitor waiting for longer than one attempt does.</summary>
    /// <param name="configuration">Of the client whose server it is.</param>
    /// <param name="judges">One a question, which all inspectors share.</param>
    /// <param name="number">Of this inspector, from 0.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CommandFailure">It cannot be looked into for some seconds.</exception>
    public static async Task<Inspector> EnterAsync(PeerConfiguration configuration, IReadOnlyList<AnswerJudge> judges, int number, CancellationToken ct)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < EnterLimit)
        {
            IReadOnlyList<InspectClient> all = InspectClient.All(configuration.Folder, blocks: true);
            InspectClient? server = all.FirstOrDefault(client => client.ProcessId != configuration.ClientProcess);
            foreach (InspectClient other in all.Where(client => client != server)) other.Dispose();
            if (server is not null) return new Inspector(server, configuration, judges, number);
            await Task.Delay(EnterPause, ct);
        }

        throw CommandFailure.Failed("the server cannot be looked into");
    }

    /// <summary>Asks the next question.</summary>
    /// <exception cref="CommandFailure">The answer is wrong, or none.</exception>
    public void Ask()
    {
        int question = _next++ % Questions;
        (string[] words, int least) = _questions[question];
        using var document = new DocumentBytes();
        bool isAnswered = _client.ReadAsync(words, document, Timeout.InfiniteTimeSpan, CancellationToken.None).GetAwaiter().GetResult();   // blocks
        if (!isAnswered) throw CommandFailure.Failed($"an inspector was told: {Encoding.UTF8.GetString(document.Written.Span)}");
        (int count, int rows) = _judges[question].Count(document.Written.Span);
        if (count != rows || count < least) throw CommandFailure.Failed($"{words[0]} said that there were {count}, and listed {rows}, of at least {least}");
        Answers++;
    }

    /// <summary>Asks once a second until the run is over.</summary>
    public Task LookAsync(CancellationToken ct) => Task.Factory.StartNew(
        () =>
        {
            Answers = 0;
            long begun = TimeProvider.System.GetTimestamp();
            for (TimeSpan pause = _delay; !ct.WaitHandle.WaitOne(pause > TimeSpan.Zero ? pause : TimeSpan.Zero);)
            {
                Ask();   // an answer that is on its way is still judged
                pause = _delay + (Period * Answers) - TimeProvider.System.GetElapsedTime(begun);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public void Dispose() => _client.Dispose();
}
