using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Connections;
using Smc.Actors.Protocol;
using Smc.Transport;
using Xunit.Abstractions;

namespace Actors.Tests.Supervision;

/// <summary>
/// An actor fails in the place of a handler. Its users hear of it with a reason, and not by a deadline; whoever does not depend on it notices
/// nothing; nothing is left of it; the next connection is on shared memory, unless the root had given that up before it failed.
/// </summary>
[Collection(Alone.Name)]
public sealed partial class CrashTests(ITestOutputHelper output) : RendezvousTest
{
    private const string Any = "any";
    private const string AnyTcp = "Tcp:any";
    private const string AnyReason = "any, with a reason";
    private const string None = "-";

    private static readonly Lazy<Task> WarmUp = new(RunOnceAsync);

    public static TheoryData<Crash> OnAConnection => CrashTable.Of(Moment.Natural, Moment.Told, Moment.Early);

    public static TheoryData<Crash> OnListening => CrashTable.Of(Moment.Listen);

    public static TheoryData<Crash> BehindAHandler => CrashTable.HandledOf(Moment.Natural, Moment.Told, Moment.Early);

    public static TheoryData<Crash> BehindListening => CrashTable.HandledOf(Moment.Listen);

    [Theory]
    [MemberData(nameof(OnAConnection))]
    public Task An_actor_that_fails_at_a_message_ends_what_depends_on_it_with_a_reason_and_nothing_else(Crash crash) => LiveAsync(crash, times: 1);

    [Theory]
    [MemberData(nameof(BehindAHandler))]
    public Task An_actor_that_fails_when_it_has_handled_a_message_ends_what_depends_on_it_with_a_reason_and_nothing_else(Crash crash) =>
        LiveAsync(crash with { Client = AnyReason, Server = Any, Next = crash.NextWhenHandled }, times: 1, Line.Last);

    [Fact]
    public Task A_connection_that_fails_twice_at_an_event_ends_with_its_group_and_nothing_else() =>
        LiveAsync(new Crash(Side.Server, nameof(ConnectionActor), nameof(ConnectionProtocol.PathClosed), Moment.Natural, "SmcD", "Success"), times: 2);

    [Fact]
    public async Task A_connection_that_fails_at_an_event_that_has_gone_well_since_keeps_its_group()
    {
        var plan = new CrashPlan();
        await using SmcRuntime server = await CrashWorld.StartRuntimeAsync(Folder, plan.PropsOf);
        await using SmcRuntime client = await CrashWorld.StartRuntimeAsync(Folder, SmcSupervisor.PropsOf);
        await using ISmcListener listener = await server.ListenAsync(Loopback);
        await using SmcStream other = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream otherServed = await listener.AcceptAsync().Guard();
        await using SmcStream failing = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream served = await listener.AcceptAsync().Guard();   // not closed meanwhile: its actor stays
        IActorRef connection = plan.Youngest(typeof(ConnectionActor));
        for (int i = 0; i < 2; i++) await FailAsync(plan, connection, ConnectionProtocol.PathBlocking.Instance);
        await Assert.ThrowsAsync<IOException>(() => failing.ReadAsync(new byte[1]).Guard());
        await other.WriteAsync(new byte[] { 7 }).Guard();
        byte[] received = new byte[1];
        await otherServed.ReadExactlyAsync(received).Guard();
        Assert.Equal(7, received[0]);
    }

    [Fact]
    public async Task A_connection_that_fails_at_taking_over_leaves_no_row_behind()
    {
        var plan = new CrashPlan();
        await using SmcRuntime server = await CrashWorld.StartRuntimeAsync(Folder, plan.PropsOf);
        await using SmcRuntime client = await CrashWorld.StartRuntimeAsync(Folder, SmcSupervisor.PropsOf);
        await using ISmcListener listener = await server.ListenAsync(Loopback);
        await using SmcStream stream = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        await using SmcStream served = await listener.AcceptAsync().Guard();
        Task crashed = plan.Arm(typeof(ConnectionActor), HandledMessages.Message(nameof(ConnectionActor), "Resumed"));
        plan.Youngest(typeof(ConnectionActor)).Tell(Kill.Instance);
        await crashed.Guard();
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(stream)).Error);
        await NoRowsAsync(server);
    }

    private static Task NoRowsAsync(SmcRuntime runtime) =>
        Eventually.EqualAsync(0, () => runtime.Connections.ReportAll().Connections.Count, "rows of connections");

    /// <summary>A connection fails at an event, starts again, and meets it once more.</summary>
    private static async Task FailAsync(CrashPlan plan, IActorRef connection, ConnectionProtocol.IEvent at)
    {
        Task crashed = plan.Arm(typeof(ConnectionActor), at.GetType());
        connection.Tell(at);
        await crashed.Guard();
        for (int i = 0; i < 3; i++) await connection.Ask<ActorIdentity>(new Identify(null)).Guard();   // behind the restart, what it leaves, and the event
    }

    [Theory]
    [MemberData(nameof(OnListening))]
    public async Task An_actor_that_fails_when_somebody_listens_answers_and_lets_others_listen(Crash crash)
    {
        ProcessResources before = await CountAsync();
        await using (CrashWorld world = await CrashWorld.StartAsync(Folder))
        {
            await world.BeginAsync(Seed.Take(output));
            Task crashed = world.Plans[crash.Side].Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message));
            Assert.Equal(crash.Server, await ListenAsync(world.Server));
            await crashed.Guard();
            Assert.Equal("listening", await ListenAsync(world.Server));
            string listening = (await world.Server.InspectAsync("connections -l")).ToText(160);
            Assert.Contains("Count: 1 listener", listening, StringComparison.Ordinal);   // the world's own
            await NextAsync(world, crash);
            await NeighboursAsync(world, crash);
        }

        await before.ComeBackAsync();
    }

    [Theory]
    [MemberData(nameof(BehindListening))]
    public async Task An_actor_that_fails_when_it_has_handled_what_somebody_listens_by_leaves_no_socket_that_nobody_has(Crash crash)
    {
        ProcessResources before = await CountAsync();
        await using (CrashWorld world = await CrashWorld.StartAsync(Folder))
        {
            await world.BeginAsync(Seed.Take(output));
            Task crashed = world.Plans[crash.Side].Arm(
                HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message), times: 1, Line.Last);
            ProcessResources held = ProcessResources.Count();
            Assert.Matches("^(listening|refused:OperationAborted)$", await ListenAsync(world.Server));
            await crashed.Guard();
            await held.ComeBackAsync();
            Assert.Equal("listening", await ListenAsync(world.Server));
            await NextAsync(world, crash);
            await NeighboursAsync(world, crash);
        }

        await before.ComeBackAsync();
    }

    private async Task LiveAsync(Crash crash, int times, Line line = Line.First)
    {
        ProcessResources before = await CountAsync();
        int threads = OwnThreads();
        await using (CrashWorld world = await CrashWorld.StartAsync(Folder))
        {
            await world.BeginAsync(Seed.Take(output));
            CrashPlan plan = world.Plans[crash.Side];
            Task crashed = plan.Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message), times, line);
            if (crash.When == Moment.Early) plan.TellNext();
            (string client, IPEndPoint? from) = await Victim.LiveAsync(world, async () =>
            {
                if (crash.When != Moment.Told) return;
                plan.TellYoungest();
                await crashed.Guard();
            }, untilBroken: crash is { When: Moment.Told, BreaksClient: true });
            await crashed.Guard();
            if (crash.Client == AnyReason) Assert.Matches(Reasons(), client);
            else if (crash.Client == AnyTcp) Assert.StartsWith("Tcp:", client, StringComparison.Ordinal);
            else Assert.Equal(crash.Client, client);
            await EndsAsync(world, crash, from);
            await NextAsync(world, crash);
            await NeighboursAsync(world, crash);
            foreach (SmcRuntime runtime in new[] { world.Client, world.Server })
            {
                await runtime.DmbsAsync(0);
                await Eventually.EqualAsync(0, () => runtime.Device.ClcBuffers.Report().InUse, "CLC blocks in use");
                await NoRowsAsync(runtime);
            }

            await Eventually.EqualAsync(0, () => ProcessResources.Count().Mapped, "mappings");
        }

        await before.ComeBackAsync();
        await Eventually.TrueAsync(() => OwnThreads() <= threads, "threads end");
    }

    /// <summary>The server's end of the connection has ended, and as it should.</summary>
    private static async Task EndsAsync(CrashWorld world, Crash crash, IPEndPoint? from)
    {
        int neighbours = crash is { EndsAll: true, Side: Side.Server } ? 0 : 1;
        await Eventually.TrueAsync(() => world.Echo.Open == neighbours, "the connection ends at the server");
        string server = from is null ? None : world.Echo.EndOf(from)?.ToString() ?? None;
        Assert.Equal(crash.Server == Any ? server : crash.Server, server);
    }

    private static async Task NextAsync(CrashWorld world, Crash crash)
    {
        if (!crash.EndsAll) Assert.Equal(crash.Next, await NextAsync(world));
        else await Eventually.EqualAsync(crash.Next, () => NextAsync(world), "the next connection");   // a device comes up again, and is found again, in its time
    }

    private static async Task<string> NextAsync(CrashWorld world) => (await Victim.LiveAsync(world)).Outcome;

    private static async Task NeighboursAsync(CrashWorld world, Crash crash)
    {
        foreach ((Side side, Pinging neighbour) in world.Neighbours)
        {
            bool ends = crash.EndsAll && side == crash.Side;
            await Eventually.EqualAsync(!ends, neighbour.GoesOnAsync, "bytes go round");
            Assert.Equal(ends ? SocketError.ConnectionReset : SocketError.Success, await neighbour.EndAsync());
        }
    }

    /// <summary>Listens, serves one connection where that works, and ends.</summary>
    private static async Task<string> ListenAsync(SmcRuntime runtime)
    {
        try
        {
            await using ISmcListener listener = await runtime.ListenAsync(Loopback).Guard();
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndPoint);
            await using SmcStream served = await listener.AcceptAsync().Guard();
            return "listening";
        }
        catch (SocketException e)
        {
            return $"refused:{e.SocketErrorCode}";
        }
    }

    /// <summary>How a connection may end for its user: in order, or with a reason that has a name.</summary>
    [GeneratedRegex("^(SmcD|Tcp:(?!None)[A-Z]\\w+|(refused|broken):(ConnectionReset|OperationAborted|Canceled))$")]
    private static partial Regex Reasons();

    private static async Task<ProcessResources> CountAsync()
    {
        await WarmUp.Value;
        await Eventually.EqualAsync(0, () => ProcessResources.Count().Mapped, "mappings of the test before");
        return ProcessResources.Count();
    }

    /// <summary>The threads of runtimes: of their control planes, and those that wake.</summary>
    private static int OwnThreads() => Directory.GetDirectories("/proc/self/task").Count(IsOwn);

    private static bool IsOwn(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("smc", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;   // it has ended since
        }
    }

    /// <summary>What the process opens once and keeps is open from then on.</summary>
    private static async Task RunOnceAsync()
    {
        string folder = Directory.CreateTempSubdirectory("smc-actors-tests-").FullName;
        await using (CrashWorld world = await CrashWorld.StartAsync(Path.Combine(folder, "rendezvous")))
        {
            await world.BeginAsync(seed: 0);
            await Victim.LiveAsync(world);
            await ListenAsync(world.Server);
            foreach (Pinging neighbour in world.Neighbours.Values) await neighbour.EndAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
