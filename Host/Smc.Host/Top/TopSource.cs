using System.Text;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;
using Smc.Transport.Interop.Linux;

namespace Smc.Host.Top;

/// <summary>Samples of one process, or of all that can be looked into, those that begin later too. It stays inside between samples; one that ends, or
/// does not answer, is left out.</summary>
/// <param name="folder">The rendezvous folder.</param>
/// <param name="only">The one process; null for all.</param>
internal sealed class TopSource(string folder, int? only) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The longest answer that is taken, in characters: that of some hundred thousand connections.</summary>
    private const int MaxAnswer = 64 << 20;

    private readonly Dictionary<string, InspectClient> _clients = [];
    private bool _hasBegun;

    /// <summary>The next sample, by process. Where all are looked at there may be none for a while, but not at first.</summary>
    /// <exception cref="CommandFailure">The one process is not there, or there is none at first.</exception>
    public async Task<IReadOnlyList<TopProcess>> TakeAsync(CancellationToken ct)
    {
        Enter();
        TopProcess?[] answers = await Task.WhenAll(_clients.ToArray().Select(client => AskAsync(client.Key, client.Value, ct)));
        TopProcess[] taken = [.. answers.OfType<TopProcess>().OrderBy(process => process.ProcessId)];
        if (taken.Length > 0 || (_hasBegun && only is null))
        {
            _hasBegun = true;
            return taken;
        }

        throw new CommandFailure(ExitCode.Unreachable, only is { } process ? $"process {process} is not to be found in {folder}." : $"no process with Smc.Actors is to be found in {folder}.");
    }

    public void Dispose()
    {
        foreach (InspectClient client in _clients.Values) client.Dispose();
    }

    private void Enter()
    {
        foreach (string path in LocalDoor.Find(folder).Where(path => !_clients.ContainsKey(path)))
        {
            if (LocalDoor.TryEnter(path) is not { } visitor) continue;
            if (only is null || visitor.Peer.ProcessId == only) _clients.Add(path, new InspectClient(visitor));
            else visitor.Dispose();
        }
    }

    private async Task<TopProcess?> AskAsync(string path, InspectClient client, CancellationToken ct)
    {
        try
        {
            var text = new StringBuilder();
            bool isAnswered = await client.AskAsync(TextTable.MaxWidth, ["top", "-j"], part => Append(text, part), Patience, ct);
            return isAnswered ? TopDocument.Parse(text.ToString()) : throw CommandFailure.Failed($"process {client.ProcessId}: {text.ToString().Trim()}");
        }
        catch (CommandFailure) when (!ct.IsCancellationRequested)
        {
            client.Dispose();
            _clients.Remove(path);
            return null;
        }
    }

    private static void Append(StringBuilder text, string part)
    {
        if (text.Length + part.Length > MaxAnswer) throw CommandFailure.Failed("an answer has no end.");
        text.Append(part);
    }
}
