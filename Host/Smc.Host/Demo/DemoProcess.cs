using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Smc.Host.CommandLine;
using Smc.Host.Processes;

namespace Smc.Host.Demo;

/// <summary>The demo's side of one <see cref="DemoPeer"/>: asks by a line and finds the answer by its first word.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(120);

    private readonly PeerProcess _process;
    private readonly ConcurrentDictionary<string, Channel<string>> _answers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _reading;
    private volatile Exception? _end;

    /// <param name="name">What the demo calls it.</param>
    /// <param name="folder">Where the processes find each other.</param>
    public DemoProcess(string name, string folder)
    {
        Name = name;
        _process = PeerProcess.Start("demo-peer", folder);
        _reading = ReadAsync();
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Called with the bytes that have arrived so far, while a transfer to this process runs.</summary>
    public Action<long>? Progress { get; set; }

    /// <summary>Says <paramref name="line"/> and waits for the answer that starts with <paramref name="word"/>; returns what follows that word.</summary>
    public async Task<string> AskAsync(string line, string word, CancellationToken ct)
    {
        Task<string> answer = Answers(word).Reader.ReadAsync(ct).AsTask();
        await _process.WriteLineAsync(line);
        return await answer;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        await _process.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        Exception? end = null;
        try
        {
            while (end is null)
            {
                string[] words = (await _process.ReadLineAsync(Silence, _closing.Token)).Split(' ', 2);
                string rest = words.Length > 1 ? words[1] : "";
                if (words[0] == "failed") end = CommandFailure.Failed($"process {Name}: {rest}");
                else if (words[0] == "at") Progress?.Invoke(long.Parse(rest, CultureInfo.InvariantCulture));
                else await Answers(words[0]).Writer.WriteAsync(rest);
            }
        }
        catch (Exception failure)
        {
            end = failure;
        }
        _end = end;
        foreach (Channel<string> channel in _answers.Values) channel.Writer.TryComplete(end);
    }

    private Channel<string> Answers(string word)
    {
        Channel<string> channel = _answers.GetOrAdd(word, static _ => Channel.CreateBounded<string>(4));
        if (_end is { } end) channel.Writer.TryComplete(end);
        return channel;
    }
}
