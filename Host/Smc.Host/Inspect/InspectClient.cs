using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Smc.Actors.Inspection.Door;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Inspect;

/// <summary>A visitor of one process.</summary>
internal sealed class InspectClient : IDisposable
{
    private static readonly TimeSpan Patience = 3 * InspectionFrames.Silence;

    /// <summary>For who only wants to know which is which.</summary>
    private static readonly TimeSpan GidPatience = TimeSpan.FromSeconds(2);

    private readonly LocalVisitor _visitor;
    private readonly Stream _stream;
    private readonly InspectionReader _reader;

    /// <param name="door">The name of the door that it went through.</param>
    /// <param name="visitor">Owned.</param>
    /// <param name="blocks">For who has a thread to wait with: every question is answered when the call returns.</param>
    public InspectClient(string door, LocalVisitor visitor, bool blocks = false)
    {
        Door = door;
        _visitor = visitor;
        _stream = blocks ? new BlockingStream(visitor.Stream) : visitor.Stream;
        _reader = new InspectionReader(_stream, InspectionFrames.MaxAnswer);
    }

    /// <summary>The name of the door: what tells a runtime apart where numbers do not.</summary>
    public string Door { get; }

    /// <summary>The process; 0 where it is not visible from here, in another PID namespace.</summary>
    public int ProcessId => _visitor.Peer.ProcessId;

    /// <summary>Those who can be looked into, by process.</summary>
    public static IReadOnlyList<InspectClient> All(string folder, bool blocks = false) => [.. Enter(folder, blocks).OrderBy(client => client.ProcessId).ThenBy(client => client.Door, StringComparer.Ordinal)];

    /// <summary>Goes into one process.</summary>
    /// <param name="folder">The rendezvous folder.</param>
    /// <param name="which">Its number, or the beginning of the name of its door or of its GID; null for the only one.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CommandFailure">There is none, or there are several.</exception>
    public static async Task<InspectClient> EnterAsync(string folder, string? which, CancellationToken ct)
    {
        IReadOnlyList<InspectClient> all = All(folder);
        List<InspectClient> fitting = which is null ? [.. all] : [.. all.Where(client => client.ProcessId.ToString(CultureInfo.InvariantCulture) == which)];
        if (fitting.Count == 0) fitting.AddRange(all.Where(client => IsBeginning(client.Door)));
        if (fitting.Count == 0)
        {
            string[] gids = await Task.WhenAll(all.Select(client => client.FindGidAsync(ct)));
            fitting.AddRange(all.Where((_, i) => IsBeginning(gids[i])));
        }

        InspectClient? chosen = fitting.Count == 1 ? fitting[0] : null;
        string known = string.Join(", ", (fitting.Count > 0 ? fitting : all).Select(client => client.Name));
        foreach (InspectClient client in all.Where(client => client != chosen)) client.Dispose();
        if (chosen is not null) return chosen;
        throw new CommandFailure(ExitCode.Unreachable, all.Count == 0
            ? $"no process with Smc.Actors is to be found in {folder}."
            : fitting.Count > 0 ? $"several processes use Smc.Actors: say which by -p, of {known}." : $"process {which} is not to be found in {folder}; there are {known}.");

        bool IsBeginning(string name) => name.StartsWith(which ?? string.Empty, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Its number, and the beginning of its door's name.</summary>
    public string Name => $"{ProcessId} (door {DoorName.Brief(Door)})";

    /// <summary>The GID of its device.</summary>
    /// <returns>Empty where it has none, or does not answer.</returns>
    public async Task<string> FindGidAsync(CancellationToken ct)
    {
        try
        {
            using var answer = new DocumentBytes();
            if (!await ReadAsync(["info", "-j"], answer, GidPatience, ct)) return string.Empty;
            using JsonDocument info = JsonDocument.Parse(answer.Written);
            return PlainText.Line(info.RootElement.GetProperty("gid").GetString() ?? string.Empty);
        }
        catch (Exception e) when (e is CommandFailure or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return string.Empty;
        }
    }

    /// <summary>Asks, and gives every answer to <paramref name="print"/>, without what a terminal would obey: the process may mean harm.</summary>
    /// <returns>False where the last answer says what is wrong.</returns>
    /// <exception cref="CommandFailure">The process has ended, or does not answer.</exception>
    public Task<bool> AskAsync(int width, IEnumerable<string> words, Action<string> print, CancellationToken ct) => AskAsync(width, words, print, Patience, ct);

    /// <summary>The same for who waits so long for a process that says nothing.</summary>
    public Task<bool> AskAsync(int width, IEnumerable<string> words, Action<string> print, TimeSpan patience, CancellationToken ct) =>
        AskAsync(width, words, bytes => print(PlainText.Lines(Encoding.UTF8.GetString(bytes))), patience, ct);

    /// <summary>Asks for one document, for who reads it and shows nothing of it as it is.</summary>
    /// <param name="words">Of the request, with -j.</param>
    /// <param name="document">Gets it.</param>
    /// <param name="patience">How long the process may say nothing; null for as long as any.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>False where it says what is wrong.</returns>
    /// <exception cref="CommandFailure">The process has ended, does not answer, or its answer has no end.</exception>
    public Task<bool> ReadAsync(IEnumerable<string> words, DocumentBytes document, TimeSpan? patience, CancellationToken ct) =>
        AskAsync(TextTable.MaxWidth, words, document.Add, patience ?? Patience, ct);

    private async Task<bool> AskAsync(int width, IEnumerable<string> words, Action<ReadOnlySequence<byte>> take, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (patience != Timeout.InfiniteTimeSpan) limit.CancelAfter(patience);
        try
        {
            await _stream.WriteAsync(InspectionFrames.Request(width, words), limit.Token);
            while (true)
            {
                FrameKind kind = await _reader.ReadAnswerAsync(take, limit.Token);
                if (patience != Timeout.InfiniteTimeSpan) limit.CancelAfter(patience);
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

    private static IEnumerable<InspectClient> Enter(string folder, bool blocks)
    {
        foreach (string path in LocalDoor.Find(folder))
        {
            if (LocalDoor.TryEnter(path) is { } visitor) yield return new InspectClient(DoorName.Of(path), visitor, blocks);
        }
    }
}
