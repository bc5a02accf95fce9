using System.Collections.Concurrent;
using System.Net;
using Smc.Actors;
using Smc.Actors.LinkGroups;
using Smc.Host.CommandLine;
using Smc.Host.Processes;
using Smc.Transport;
using Smc.Transport.Memory;

namespace Smc.Host.Bench.Buffers;

/// <summary>A client's and a server's runtime in this process, a listener, and those who serve what it accepts.</summary>
internal sealed class TwoRuntimes : IAsyncDisposable
{
    /// <summary>Deadlines that no handshake meets on a machine that is busy.</summary>
    private const string Patience = "smc.handshake { match-timeout = 50s, clc-timeout = 55s }";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentBag<DmbPool> _pools = [];
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream, Task> _serve;
    private SmcRuntime _client = null!;
    private SmcRuntime _server = null!;
    private ISmcListener _listener = null!;
    private Task _accepting = Task.CompletedTask;

    private TwoRuntimes(Func<Stream, Task> serve) => _serve = serve;

    /// <param name="settings">Of both.</param>
    /// <param name="newList">Keeps the idle DMBs of a size class; null for the product's own.</param>
    /// <param name="serve">Serves a connection until its client closes it.</param>
    public static async Task<TwoRuntimes> StartAsync(string settings, Func<int, IDescriptorList>? newList, Func<Stream, Task> serve)
    {
        var both = new TwoRuntimes(serve);
        string folder = $"smc.rendezvous.folder = \"{both._folder.File("rendezvous")}\"";
        Akka.Configuration.Config config = Actors.Settings.SmcSettings.Parse($"{Verbosity.Hocon}{Patience}\n{settings}\n{folder}");
        PropsFactory props = (actor, arguments) => SmcSupervisor.PropsOf(actor, [.. arguments.Select(one => both.Replace(one, newList))]);
        both._server = await SmcRuntime.StartAsync(config, props);
        both._client = await SmcRuntime.StartAsync(config, props);
        both._listener = await both._server.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        both._accepting = both.AcceptAsync();
        return both;
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="InvalidOperationException">It is not on shared memory.</exception>
    public async Task<SmcStream> ConnectAsync()
    {
        SmcStream stream = await _client.ConnectAsync(_listener.LocalEndPoint);
        return stream.Mode == SmcMode.SmcD ? stream : throw new InvalidOperationException($"a connection fell back: {stream.FallbackReason}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    /// <summary>Waits until nobody holds a DMB but the connections that are open: the other end of one that has closed comes after.</summary>
    public async Task ClosedAsync(int open, CancellationToken ct)
    {
        while (_pools.Sum(pool => pool.Statistics.Sum(one => one.InUse)) > 2 * open) await Task.Delay(Pause, ct);
    }

    /// <summary>Gives back the memory of all DMBs that are idle, as the pools' actors do in time. They are to have been told not to.</summary>
    public void Trim()
    {
        foreach (DmbPool pool in _pools)
        {
            pool.BeginTrim();
            pool.BeginTrim();
            pool.Trim(int.MaxValue);
        }
    }

    private object Replace(object argument, Func<int, IDescriptorList>? newList)
    {
        if (argument is not LinkGroupParts parts) return argument;
        DmbPool pool = newList is null ? new DmbPool() : new DmbPool(newList);
        _pools.Add(pool);
        return parts with { Buffers = parts.Buffers.With(pool) };
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(SmcStream stream)
    {
        await using (stream)
        {
            try
            {
                await _serve(stream);
            }
            catch (IOException)
            {
                // Its client has gone.
            }
        }
    }
}
