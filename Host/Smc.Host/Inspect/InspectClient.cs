using Smc.Actors.Inspection.Door;
using Smc.Host.CommandLine;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Inspect;

/// <summary>A visitor of one process.</summary>
internal sealed class InspectClient : IDisposable
{
    private static readonly TimeSpan Patience = 3 * InspectionFrames.Silence;

    private readonly LocalVisitor _visitor;
    private readonly InspectionReader _reader;

    /// <param name="visitor">Owned.</param>
    public InspectClient(LocalVisitor visitor)
    {
        _visitor = visitor;
        _reader = new InspectionReader(visitor.Stream);
    }

    /// <summary>The process; 0 where it is not visible from here, in another PID namespace.</summary>
    public int ProcessId => _visitor.Peer.ProcessId;

    /// <summary>Those who can be looked into, by process.</summary>
    public static IReadOnlyList<InspectClient> All(string folder) =>
        [.. LocalDoor.Find(folder).Select(LocalDoor.TryEnter).OfType<LocalVisitor>().Select(visitor => new InspectClient(visitor)).OrderBy(client => client.ProcessId)];

    /// <summary>Goes into one process.</summary>
    /// <param name="folder">The rendezvous folder.</param>
    /// <param name="process">Which; null for the only one.</param>
    /// <exception cref="CommandFailure">There is none, or there are several.</exception>
    public static InspectClient Enter(string folder, int? process)
    {
        IReadOnlyList<InspectClient> all = All(folder);
        InspectClient? chosen = process is null ? (all.Count == 1 ? all[0] : null) : all.FirstOrDefault(client => client.ProcessId == process);
        foreach (InspectClient client in all)
        {
            if (client != chosen) client.Dispose();
        }

        if (chosen is not null) return chosen;
        string known = string.Join(", ", all.Select(client => client.ProcessId));
        throw new CommandFailure(ExitCode.Unreachable, all.Count == 0
            ? $"no process with Smc.Actors is to be found in {folder}."
            : process is null ? $"several processes use Smc.Actors: say which by -p, of {known}." : $"process {process} is not to be found in {folder}; there are {known}.");
    }

    /// <summary>Asks, and gives every answer to <paramref name="print"/>.</summary>
    /// <returns>False where the last answer says what is wrong.</returns>
    /// <exception cref="CommandFailure">The process has ended, or does not answer.</exception>
    public Task<bool> AskAsync(int width, IEnumerable<string> words, Action<string> print, CancellationToken ct) => AskAsync(width, words, print, Patience, ct);

    /// <summary>The same for who waits so long for a process that says nothing.</summary>
    public async Task<bool> AskAsync(int width, IEnumerable<string> words, Action<string> print, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            await _visitor.Stream.WriteAsync(InspectionFrames.Request(width, words), limit.Token);
            while (true)
            {
                (FrameKind kind, string text) = await _reader.ReadAnswerAsync(limit.Token);
                limit.CancelAfter(patience);
                print(text);
                if (kind != FrameKind.More) return kind == FrameKind.Final;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CommandFailure.Failed($"process {ProcessId} does not answer.");
        }
        catch (IOException failure)
        {
            throw CommandFailure.Failed($"process {ProcessId}: {failure.Message}", failure);
        }
    }

    public void Dispose() => _visitor.Dispose();
}
