using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

[Collection(Alone.Name)]
public sealed class KilledPeerTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Kills = 50;
    private const int LatestDeath = 3_000_000;

    public static TheoryData<string> ClientSteps => ["announced", "connected", "matched", "proposed", "accepted", "registered", "mapped", "confirmed"];

    /// <summary>How far a server comes, and what its client gets: no connection (-), or one of this mode, and how that ends. One that dies behind its
    /// Accept has told the client in time that its memory is mapped, or has not; and the client may hear of its death first, and of the Accept never.</summary>
    public static TheoryData<string, string[]> ServerSteps => new()
    {
        { "announced", ["Tcp Success"] },
        { "matched", ["- ConnectionReset"] },
        { "proposed", ["- ConnectionReset"] },
        { "grouped", ["- ConnectionReset"] },
        { "registered", ["- ConnectionReset"] },
        { "accepted", ["- ConnectionReset", "SmcD ConnectionReset", "Tcp ConnectionReset", "Tcp Success"] },
        { "mapped", ["SmcD ConnectionReset"] },
        { "confirmed", ["SmcD ConnectionReset"] },
    };

    [Fact]
    public async Task Fifty_peers_are_killed_in_mid_transfer_and_nothing_is_left_of_them()
    {
        int seed = Seed.Take(output);
        var random = new Random(seed);
        SmcRuntime runtime = await StartRuntimeAsync();
        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        await KillOneAsync(runtime, listener, StartVictim(0, listener, 1, seed), 0, 1, seed);
        ProcessResources before = ProcessResources.Count();

        int[] deaths = [.. Enumerable.Range(0, Kills).Select(_ => random.Next(1, LatestDeath))];
        Task<Victim> next = StartVictim(0, listener, deaths[0], seed);
        for (int i = 0; i < Kills; i++)
        {
            Task<Victim> victim = next;
            if (i + 1 < Kills) next = StartVictim(i + 1, listener, deaths[i + 1], seed);
            await KillOneAsync(runtime, listener, victim, i, deaths[i], seed);
        }

        await runtime.DmbsAsync(0);
        await before.ComeBackAsync();

        await StartRuntimeAsync();   // it sweeps, and publishes nothing
        Assert.Equal([".entry", ".inspect", ".inspect", ".lock", ".lock", ".lock", ".lock", ".sock", ".sock"], Directory.GetFiles(Folder).Select(Path.GetExtension).Order());
    }

    [Theory]
    [MemberData(nameof(ClientSteps))]
    public async Task A_client_killed_in_its_handshake_leaves_nothing_behind(string step)
    {
        int seed = Seed.Take(output);
        Pair pair = await StartPairAsync();
        await using (Ends first = await pair.ConnectAsync()) await Exchange.BothWaysAsync(first, 1, seed);   // what the pair itself holds is there
        await pair.DmbsAsync(0);
        ProcessResources before = ProcessResources.Count();
        var accepted = new Acceptor(pair.Listener);
        PeerProcess victim = Own(PeerProcess.Start(keepsItsThreads: false, "handshake", step, FolderArgument, $"at={pair.Listener.LocalEndPoint}"));
        await victim.LineAsync($"step {step}");
        await victim.EndedAsync();

        SmcStream client = await pair.Client.ConnectAsync(pair.Listener.LocalEndPoint).Guard();
        await client.WriteAsync(Acceptor.Marker);
        await using (var ends = new Ends(client, await accepted.Marked.Guard())) await Exchange.BothWaysAsync(ends, 100_000, seed);
        await pair.DmbsAsync(0);
        await Eventually.TrueAsync(async () => (await pair.Server.GetConnectionsAsync()).Count == 0, "what the dead has begun is gone");
        await before.ComeBackAsync();
        Assert.Empty(accepted.Strange);
    }

    [Theory]
    [MemberData(nameof(ServerSteps))]
    public async Task A_server_killed_in_a_handshake_leaves_nothing_behind(string step, string[] outcomes)
    {
        SmcRuntime runtime = await StartRuntimeAsync();
        ProcessResources before = ProcessResources.Count();
        (PeerProcess victim, IPEndPoint at) = await ServeAsync("handshake-serve", step, FolderArgument);
        Task<SmcStream> connecting = runtime.ConnectAsync(at).AsTask();
        await victim.LineAsync($"step {step}");
        await victim.EndedAsync();
        Assert.Contains(await OutcomeAsync(connecting), outcomes);
        await runtime.DmbsAsync(0);
        await before.ComeBackAsync();
        Assert.Empty(await runtime.GetConnectionsAsync());
    }

    /// <summary>A connection that nothing comes of but its end, or none.</summary>
    private static async Task<string> OutcomeAsync(Task<SmcStream> connecting)
    {
        try
        {
            await using SmcStream stream = await connecting.Guard();
            (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(stream);
            Assert.Empty(bytes);
            return $"{stream.Mode} {error}";
        }
        catch (SocketException e)
        {
            return $"- {e.SocketErrorCode}";
        }
    }

    /// <summary>Every other victim writes, every other reads; two connect, two listen.</summary>
    private async Task<Victim> StartVictim(int number, ISmcListener listener, int death, int seed)
    {
        string task = IsReader(number) ? "source" : "sink";
        string[] rest = [FolderArgument, $"die-after={death}", $"seed={seed + number}"];
        if (Listens(number))
        {
            (PeerProcess process, IPEndPoint at) = await ServeAsync(["serve", task, .. rest]);
            return new Victim(process, at);
        }

        return new Victim(await ReadyAsync(["connect", task, .. rest, $"at={listener.LocalEndPoint}"]), null);
    }

    private static bool IsReader(int number) => number % 2 == 0;

    private static bool Listens(int number) => number % 4 >= 2;

    private static async Task KillOneAsync(SmcRuntime runtime, ISmcListener listener, Task<Victim> starting, int number, int death, int seed)
    {
        Victim victim = await starting;
        SmcStream stream;
        if (victim.At is { } at)
        {
            stream = await runtime.ConnectAsync(at).Guard();
        }
        else
        {
            await victim.Process.TellAsync("connect");
            stream = await listener.AcceptAsync().Guard();
        }

        await using (stream)
        {
            Assert.Equal(SmcMode.SmcD, stream.Mode);
            if (IsReader(number))
            {
                (byte[] bytes, SocketError error) = await Exchange.ReadToBreakAsync(stream);
                Assert.True(bytes.Length >= death, $"kill {number}: {bytes.Length} bytes came of at least {death}");
                Assert.Equal(Exchange.Sha(SeededBytes.Take(bytes.Length, seed + number)), Exchange.Sha(bytes));
                Assert.Equal(SocketError.ConnectionReset, error);
            }
            else
            {
                Assert.Equal(SocketError.ConnectionReset, await Exchange.WriteToBreakAsync(stream));
            }
        }

        await victim.Process.EndedAsync();
    }

    private sealed record Victim(PeerProcess Process, IPEndPoint? At);

    /// <summary>Accepts whatever comes: the good client begins with a marker, the dead say nothing, and nobody gets a CLC message to read.</summary>
    private sealed class Acceptor
    {
        private readonly ISmcListener _listener;
        private readonly TaskCompletionSource<SmcStream> _marked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Acceptor(ISmcListener listener)
        {
            _listener = listener;
            _ = AcceptAsync();
        }

        public static byte[] Marker { get; } = [4, 2];

        /// <summary>The connection that begins with the marker.</summary>
        public Task<SmcStream> Marked => _marked.Task;

        /// <summary>What else was read.</summary>
        public ConcurrentBag<string> Strange { get; } = [];

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = ReadAsync(await _listener.AcceptAsync());
            }
            catch (ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ReadAsync(SmcStream stream)
        {
            byte[] first = new byte[Marker.Length];
            int count = 0;
            try
            {
                count = await stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false);
            }
            catch (IOException)
            {
                // Reset: so it ends for the dead.
            }

            if (count == Marker.Length && first.SequenceEqual(Marker)) _marked.TrySetResult(stream);
            else
            {
                if (count > 0) Strange.Add(Convert.ToHexString(first, 0, count));
                await stream.DisposeAsync();
            }
        }
    }
}
