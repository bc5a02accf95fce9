using System.Globalization;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Top;

/// <summary>Samples of one process, or of all that can be looked into, those that begin later too. It stays inside between samples; one that ends, or
/// does not answer, is left out, and not asked again for a while. One sample at a time.</summary>
/// <param name="folder">The rendezvous folder.</param>
/// <param name="only">The number of the one process, or the beginning of its door's name or of its GID; null for all.</param>
/// <param name="patience">How long one may say nothing.</param>
internal sealed class TopSource(string folder, string? only, TimeSpan patience) : IDisposable
{
    /// <summary>For a process that lives.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long one that did not answer is left alone: whoever stopped it needs longer than a sample.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, InspectClient> _clients = [];
    private readonly Dictionary<string, long> _resting = [];   // since when, by path
    private readonly HashSet<string> _unwanted = [];   // paths: a door never is another's
    private bool _hasBegun;

    /// <summary>The next sample, by process. Where all are looked at there may be none for a while, but not at first.</summary>
    /// <exception cref="CommandFailure">The one process is not there, or there is none at first.</exception>
    public async Task<IReadOnlyList<TopProcess>> TakeAsync(CancellationToken ct)
    {
        await EnterAsync(ct);
        KeyValuePair<string, InspectClient>[] asked = [.. _clients];
        TopProcess?[] answers = await Task.WhenAll(asked.Select(client => AskAsync(client.Value, ct)));
        for (int i = 0; i < asked.Length; i++)
        {
            if (answers[i] is null) Leave(asked[i].Key);
        }

        TopProcess[] taken = [.. answers.OfType<TopProcess>().OrderBy(process => process.ProcessId).ThenBy(process => process.Door, StringComparer.Ordinal)];
        if (taken.Length > 0 || (_hasBegun && only is null))
        {
            _hasBegun = true;
            return taken;
        }

        throw new CommandFailure(ExitCode.Unreachable, only is null ? $"no process with Smc.Actors is to be found in {folder}." : $"process {only} is not to be found in {folder}.");
    }

    public void Dispose()
    {
        foreach (InspectClient client in _clients.Values) client.Dispose();
    }

    private async Task EnterAsync(CancellationToken ct)
    {
        IReadOnlyList<string> doors = LocalDoor.Find(folder);
        foreach (string gone in _resting.Keys.Except(doors).ToArray()) _resting.Remove(gone);
        _unwanted.IntersectWith(doors);
        foreach (string path in doors.Where(path => !_clients.ContainsKey(path) && !_unwanted.Contains(path) && !IsResting(path)))
        {
            if (LocalDoor.TryEnter(path) is not { } visitor) continue;
            var client = new InspectClient(DoorName.Of(path), visitor);
            if (await IsWantedAsync(client, ct))
            {
                _clients.Add(path, client);
            }
            else
            {
                client.Dispose();
                _unwanted.Add(path);
            }
        }
    }

    private async Task<bool> IsWantedAsync(InspectClient client, CancellationToken ct) =>
        only is null
        || client.ProcessId.ToString(CultureInfo.InvariantCulture) == only
        || client.Door.StartsWith(only, StringComparison.OrdinalIgnoreCase)
        || (await client.FindGidAsync(ct)).StartsWith(only, StringComparison.OrdinalIgnoreCase);

    private bool IsResting(string path)
    {
        if (!_resting.TryGetValue(path, out long since)) return false;
        if (TimeProvider.System.GetElapsedTime(since) < Rest) return true;
        _resting.Remove(path);
        return false;
    }

    private void Leave(string path)
    {
        _clients.Remove(path, out InspectClient? client);
        client!.Dispose();
        _resting[path] = TimeProvider.System.GetTimestamp();
    }

    /// <returns>Null where there is no answer.</returns>
    private async Task<TopProcess?> AskAsync(InspectClient client, CancellationToken ct)
    {
        try
        {
            using var document = new DocumentBytes();
            return await client.ReadAsync(["top", "-j"], document, patience, ct) ? TopDocument.Parse(client.Door, document.Written) : null;
        }
        catch (CommandFailure) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
