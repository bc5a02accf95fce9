using Smc.Actors;
using Smc.Transport;

namespace Smc.Peer.Roles;

/// <summary>Opens and closes connections one after another, several at once, and checks on each that it reads its own bytes and no others. How the
/// connection goes follows from its seed (<see cref="ShortLife"/>), which it sends first. Says <c>reopened COUNT SHARED STRANGE</c>.</summary>
internal sealed class Reopener : Role
{
    /// <summary>Connections at once.</summary>
    private const int AtOnce = 4;

    private readonly SmcRuntime _runtime;
    private readonly PeerArguments _arguments;
    private int _next;
    private int _shared;
    private int _strange;

    private Reopener(SmcRuntime runtime, PeerArguments arguments)
    {
        _runtime = runtime;
        _arguments = arguments;
    }

    public static new async Task<Reopener> StartAsync(PeerArguments arguments)
    {
        var reopener = new Reopener(await SmcRuntime.StartAsync(arguments.Hocon), arguments);
        Say.Line($"ready");
        return reopener;
    }

    public override void Connect() => _ = RunAsync();

    public override ValueTask DisposeAsync() => _runtime.DisposeAsync();

    private async Task RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(ReopenAsync)));
        Say.Line($"reopened {_arguments.Bytes} {_shared} {_strange}");
    }

    private async Task ReopenAsync()
    {
        for (int i = Interlocked.Increment(ref _next); i <= _arguments.Bytes; i = Interlocked.Increment(ref _next))
        {
            var life = new ShortLife(_arguments.Seed + i);
            SmcStream stream = await _runtime.ConnectAsync(_arguments.At);
            if (stream.Mode == SmcMode.SmcD) Interlocked.Increment(ref _shared);
            if (await life.AtClientAsync(stream)) continue;
            Interlocked.Increment(ref _strange);
            Say.Line($"strange bytes at seed {life.Seed}");
        }
    }
}
