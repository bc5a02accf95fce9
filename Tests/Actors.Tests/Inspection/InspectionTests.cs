using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection.Reports;
using Smc.Transport;

namespace Actors.Tests.Inspection;

/// <summary>What a running process says of itself: two runtimes and their connections, one family of commands after another.</summary>
public sealed class InspectionTests : RendezvousTest
{
    private const string Mutable = "smc.inspection.allow-mutations = on";

    [Fact]
    public async Task The_device_is_in_use_as_long_as_it_has_link_groups()
    {
        Pair pair = await StartPairAsync();
        Assert.False(IsInUse(await RowAsync(pair.Server, "devices")));
        await using (await pair.ConnectAsync())
        {
            await EventuallyAsync(true, async () => IsInUse(await RowAsync(pair.Server, "devices")));
            JsonObject device = await RowAsync(pair.Server, "devices -t smcd");
            Assert.Equal((1, "up", 1), (Number(device, "linkGroups"), Text(device, "state"), Number(device, "dmbsInUse")));
            Assert.Equal(pair.Server.Device.Rendezvous!.Gid.ToString(), Text(device, "gid"));
        }

        SmcRuntime plain = await StartRuntimeAsync("smc.negotiation = never");
        Assert.Equal("down", Text(await RowAsync(plain, "devices"), "state"));
        Assert.Empty(await RowsAsync(plain, "devices -t smcr"));
    }

    [Fact]
    public async Task Both_ends_of_a_link_group_name_each_other_and_count_its_connections()
    {
        Pair pair = await StartPairAsync();
        await using Ends one = await pair.ConnectAsync();
        Ends other = await pair.ConnectAsync();
        await EventuallyAsync((2L, 2L), async () => (Number(await RowAsync(pair.Server, "linkgroups"), "connections"), Number(await RowAsync(pair.Client, "linkgroups"), "connections")));
        JsonObject served = await RowAsync(pair.Server, "linkgroups");
        JsonObject client = await RowAsync(pair.Client, "linkgroups");
        Assert.Equal(("server", "client", "ACTIVE"), (Text(served, "role"), Text(client, "role"), Text(served, "state")));
        Assert.Equal(Text(served, "id"), Text(client, "id"));
        Assert.Equal((2, 2), (Number(served, "connections"), Number(client, "connections")));
        Assert.Equal(Environment.ProcessId, Number(served, "peerPid"));
        Assert.Equal(pair.Client.Device.Rendezvous!.Gid.ToString(), Text(served, "peerGid"));
        Assert.Equal((1, 1, 2), (Number(served, "slabs"), Number(served, "peerSlabs"), Number(served, "dmbsInUse")));
        Assert.Single(await RowsAsync(pair.Server, $"linkgroups -g {Text(served, "id")} -p {Environment.ProcessId}"));
        Assert.Empty(await RowsAsync(pair.Server, "linkgroups -p zz"));
        await other.DisposeAsync();
        await pair.DmbsAsync(1);
        await EventuallyAsync(1, async () => Number(await RowAsync(pair.Server, "linkgroups"), "connections"));
    }

    [Fact]
    public async Task Buffers_are_counted_in_use_quarantined_and_used_again()
    {
        Pair pair = await StartPairAsync();
        Ends ends = await pair.ConnectAsync();
        JsonObject used = await RowAsync(pair.Server, "buffers");
        Assert.Equal((65_536, 1, 64, 1, 63, 65_536), (Number(used, "dmbBytes"), Number(used, "slabs"), Number(used, "dmbs"), Number(used, "inUse"), Number(used, "idle"), Number(used, "committedBytes")));
        Assert.Equal(1, Number(await RowAsync(pair.Server, "buffers -d"), "rents"));

        await ends.DisposeAsync();
        await pair.DmbsAsync(0);
        await using Ends again = await pair.ConnectAsync();
        await EventuallyAsync((1L, 1L), async () => (Number(await RowAsync(pair.Server, "buffers"), "inUse"), Number(await RowAsync(pair.Server, "buffers"), "reuses")));
    }

    [Fact]
    public async Task A_peer_that_does_not_let_go_of_a_buffer_keeps_it_in_quarantine_and_its_connection_closing()
    {
        (SmcRuntime server, ISmcListener listener) = await ListenAsync();
        PeerProcess peer = await ReadyAsync("connect", "sink", $"at={listener.LocalEndPoint}", FolderArgument);
        ValueTask<SmcStream> accepting = listener.AcceptAsync();
        await peer.TellAsync("connect");
        SmcStream stream = await accepting.Guard();
        await peer.StopAsync();
        await stream.DisposeAsync();
        await EventuallyAsync("PEERCLW1", async () => Text(await RowAsync(server, "connections -a -m smcd -s PEERCLW1"), "state"));
        await EventuallyAsync(0, async () => (await RowsAsync(server, "connections")).Count);
        await EventuallyAsync(1, async () => Number(await RowAsync(server, "linkgroups"), "quarantined"));
        await peer.KillAsync();
        await EventuallyAsync(0, async () => (await RowsAsync(server, "linkgroups")).Count);
        await EventuallyAsync(0, async () => (await RowsAsync(server, "connections -a -m smcd -s PEERCLW1")).Count);
    }

    [Fact]
    public async Task Listeners_and_connections_are_told_apart_and_sorted()
    {
        Pair pair = await StartPairAsync();
        await using Ends quiet = await pair.ConnectAsync();
        await using Ends busy = await pair.ConnectAsync();
        await busy.Server.WriteAsync(new byte[100]);
        JsonObject listener = await RowAsync(pair.Server, "connections -l");
        Assert.Equal((pair.Listener.LocalEndPoint.ToString(), "SMCD", 2), (Text(listener, "local"), Text(listener, "mode"), Number(listener, "accepted")));
        Assert.Equal(3, (await RowsAsync(pair.Server, "connections -a")).Count);
        Assert.Equal(100, Number((await RowsAsync(pair.Server, "connections -o bytes -c 1"))[0]!.AsObject(), "bytesSent"));
        JsonObject cursors = (await RowsAsync(pair.Server, "connections -d"))[1]!.AsObject();
        Assert.Equal(("0000:00000064", "00:00"), (Text(cursors, "txProducer"), Text(cursors, "txFlags")));
        Assert.Matches("^[0-9a-f]{16}$", Text(cursors, "token"));
        busy.Server.ShutdownWrite();
        await EventuallyAsync("00:80", async () => Text((await RowsAsync(pair.Server, "connections -d"))[1]!.AsObject(), "txFlags"));
    }

    [Fact]
    public async Task Stats_keep_what_closed_connections_have_counted_and_a_reset_begins_anew()
    {
        Pair pair = await StartPairAsync(serverHocon: Mutable);
        Ends ends = await pair.ConnectAsync();
        await ends.Server.WriteAsync(new byte[100]);
        await ends.Client.ReadExactlyAsync(new byte[100]).AsTask().Guard();
        await ends.DisposeAsync();
        await pair.DmbsAsync(0);
        await EventuallyAsync((1L, 0L, 100L), async () => Stats(await RowAsync(pair.Server, "stats")));
        Assert.False((await pair.Server.InspectAsync("stats-reset")).IsError);
        Assert.Equal((0, 0, 0), Stats(await RowAsync(pair.Server, "stats")));
        Assert.Equal((1, 0, 100), Stats(await RowAsync(pair.Server, "stats -a")));
        Assert.Matches("; 0 fallbacks in [0-9.]+s\n", (await pair.Server.InspectAsync("stats -s 200ms")).ToText(80));
    }

    [Fact]
    public async Task Fallbacks_name_the_peer_the_reason_and_the_moment()
    {
        (SmcRuntime server, ISmcListener listener) = await ListenAsync();
        using var plain = new TcpClient();
        await plain.ConnectAsync(listener.LocalEndPoint);
        await using SmcStream stream = await listener.AcceptAsync().Guard();
        JsonObject row = await RowAsync(server, "fallbacks -s 1m -p 127.0.0.1 -r PEER_NO_SMC");
        Assert.Equal((1, "127.0.0.1", "0x03010000"), (Number(row, "count"), Text(row, "peer"), Text(row, "code")));
        Assert.Empty(await RowsAsync(server, "fallbacks -r MAX_DMB"));
        Assert.Empty(await RowsAsync(server, "fallbacks -p 10."));
        Assert.Empty(await RowsAsync(server, "violations -s 1h"));
        Assert.Contains("Code(L/P)   0x03010000/-", (await server.InspectAsync("connection -i c1")).ToText(120), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_is_checked_from_within_the_process()
    {
        Pair pair = await StartPairAsync();
        var accepting = pair.Listener.AcceptAsync().AsTask();
        Assert.Equal($"{pair.Listener.LocalEndPoint} would be SMC-D.\n", (await pair.Client.InspectAsync($"check -a {pair.Listener.LocalEndPoint} -t 30s")).ToText(80));
        await (await accepting.Guard()).DisposeAsync();

        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        SmcReport report = await pair.Client.InspectAsync($"check -a {plain.LocalEndpoint}");
        Assert.Equal($"{plain.LocalEndpoint} would be TCP: The peer does not speak SMC. (0x03010000 PEER_NO_SMC)\nRemedy: Enable SMC in the peer, or accept TCP towards it.\n", report.ToText(120));
        Assert.Equal("TCP", Text(report.ToJson(), "mode"));

        string gone = plain.LocalEndpoint.ToString()!;
        plain.Stop();
        SmcReport nobody = await pair.Client.InspectAsync($"check -a {gone}");
        Assert.Equal((true, $"{gone} cannot be reached: nobody listens there.\n"), (nobody.IsError, nobody.ToText(120)));
    }

    [Fact]
    public async Task UEIDs_that_are_changed_count_from_the_next_handshake_on()
    {
        Pair pair = await StartPairAsync(clientHocon: Mutable);
        await using Ends before = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, before.Client.Mode);
        Assert.False((await pair.Client.InspectAsync("ueid-flush")).IsError);
        Assert.Empty(await RowsAsync(pair.Client, "ueid-show"));
        await using (Ends without = await pair.ConnectAsync())
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined, SmcReason.NoUeid), (without.Client.Mode, without.Client.FallbackReason, without.Server.FallbackReason));

        Assert.False((await pair.Client.InspectAsync("ueid-add -e TEAM.A")).IsError);
        await using (Ends another = await pair.ConnectAsync()) Assert.Equal(SmcMode.Tcp, another.Client.Mode);   // none in common

        Assert.False((await pair.Client.InspectAsync("ueid-add -e SMC-ACTORS-DEFAULT-UEID")).IsError);
        await using Ends after = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, after.Client.Mode);
        Assert.Equal(["TEAM.A", "SMC-ACTORS-DEFAULT-UEID"], (await RowsAsync(pair.Client, "ueid-show")).Select(row => Text(row!.AsObject(), "ueid")));
        await Exchange.BothWaysAsync(before, 10_000, seed: 1);   // who is connected notices nothing
    }

    [Fact]
    public async Task A_drained_link_group_keeps_its_connections_and_ends_with_the_last()
    {
        Pair pair = await StartPairAsync(serverHocon: Mutable, clientHocon: Mutable);
        Ends old = await pair.ConnectAsync();
        string drained = Text(await RowAsync(pair.Server, "linkgroups"), "id");
        Assert.Contains("drain it there", (await pair.Client.InspectAsync($"linkgroup-drain -g {drained}")).ToText(160), StringComparison.Ordinal);
        Assert.Equal(
            $"Link group {drained} takes no more connections, and ends with its one connection. The next ones of this peer go to another.\n",
            (await pair.Server.InspectAsync($"linkgroup-drain -g {drained}")).ToText(160));
        await EventuallyAsync("DRAINING", async () => Text(await RowAsync(pair.Server, $"linkgroups -g {drained}"), "state"));

        await using Ends fresh = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, fresh.Client.Mode);
        await EventuallyAsync(2, async () => (await RowsAsync(pair.Server, "linkgroups")).Count);
        await Exchange.BothWaysAsync(old, 100_000, seed: 2);
        await old.DisposeAsync();
        await EventuallyAsync(0, async () => (await RowsAsync(pair.Server, $"linkgroups -g {drained}")).Count);
        await EventuallyAsync(1, async () => (await RowsAsync(pair.Client, "linkgroups")).Count);
        await Exchange.BothWaysAsync(fresh, 100_000, seed: 3);
    }

    [Fact]
    public async Task A_link_group_that_is_drained_at_the_limit_leaves_its_peer_TCP_until_it_ends_and_says_so()
    {
        Pair pair = await StartPairAsync(serverHocon: Mutable + "\nsmc.link-group.max-per-peer = 1");
        Ends old = await pair.ConnectAsync();
        string drained = Text(await RowAsync(pair.Server, "linkgroups"), "id");
        Assert.EndsWith("Until then the next ones of this peer are TCP: it counts towards smc.link-group.max-per-peer, which allows no other.\n", (await pair.Server.InspectAsync($"linkgroup-drain -g {drained}")).ToText(300), StringComparison.Ordinal);
        await using (Ends next = await pair.ConnectAsync()) Assert.Equal((SmcMode.Tcp, SmcReason.LimitReached), (next.Server.Mode, next.Server.FallbackReason));
        await old.DisposeAsync();
        await EventuallyAsync(0, async () => (await RowsAsync(pair.Server, "linkgroups")).Count);
        await using Ends later = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, later.Client.Mode);
    }

    [Fact]
    public async Task An_aborted_connection_on_shared_memory_tells_its_user_why_and_resets_its_peer()
    {
        Pair pair = await StartPairAsync(serverHocon: Mutable);
        Ends ends = await pair.ConnectAsync();
        await using Ends neighbour = await pair.ConnectAsync();
        string id = Text((await RowsAsync(pair.Server, "connections"))[0]!.AsObject(), "id");
        await AbortAsync(pair.Server, id, ends.Server, ends.Client);
        await Exchange.BothWaysAsync(neighbour, 10_000, seed: 4);
        await ends.Client.DisposeAsync();
        await pair.DmbsAsync(1);
    }

    [Fact]
    public async Task An_aborted_connection_on_TCP_tells_its_user_why_and_resets_its_peer()
    {
        (SmcRuntime server, ISmcListener listener) = await ListenAsync(Mutable);
        SmcRuntime client = await StartRuntimeAsync("smc.negotiation = never");
        ValueTask<SmcStream> accepting = listener.AcceptAsync();
        await using SmcStream peer = await client.ConnectAsync(listener.LocalEndPoint).Guard();
        SmcStream accepted = await accepting.Guard();
        await AbortAsync(server, Text(await RowAsync(server, "connections -m tcp"), "id"), accepted, peer);
    }

    /// <summary>What a read under way, one after it and the peer's get.</summary>
    private static async Task AbortAsync(SmcRuntime runtime, string id, SmcStream stream, SmcStream peer)
    {
        Task<int> reading = stream.ReadAsync(new byte[1]).AsTask();
        Assert.Equal($"Connection {id} is aborted: its user gets ConnectionAborted, its peer ConnectionReset.\n", (await runtime.InspectAsync($"connection-abort -i {id}")).ToText(120));
        Assert.Equal(SocketError.ConnectionAborted, CodeOf(await Assert.ThrowsAsync<IOException>(() => reading.Guard())));
        IOException later = await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask().Guard());
        Assert.Equal(("An operator has aborted the connection (smc connection-abort).", SocketError.ConnectionAborted), (later.Message, CodeOf(later)));
        Assert.Equal(SocketError.ConnectionReset, (await Exchange.ReadToBreakAsync(peer)).Error);
        Assert.True((await runtime.InspectAsync($"connection-abort -i {id}")).IsError);
        await stream.DisposeAsync();
    }

    private static SocketError CodeOf(IOException failure) => Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode;

    private async Task<(SmcRuntime Runtime, ISmcListener Listener)> ListenAsync(string hocon = "")
    {
        SmcRuntime runtime = await StartRuntimeAsync(hocon);
        return (runtime, Own(await runtime.ListenAsync(Loopback)));
    }

    private static async Task<JsonArray> RowsAsync(SmcRuntime runtime, string command)
    {
        SmcReport report = await runtime.InspectAsync(command).Guard();
        Assert.False(report.IsError, report.ToText(160));
        return report.ToJson()["rows"]!.AsArray();
    }

    private static async Task<JsonObject> RowAsync(SmcRuntime runtime, string command) => (await RowsAsync(runtime, command)).FirstOrDefault()?.AsObject() ?? [];

    private static string Text(JsonObject row, string name) => row[name]?.GetValue<string>() ?? string.Empty;

    private static bool IsInUse(JsonObject device) => device["isInUse"]!.GetValue<bool>();

    private static long Number(JsonObject row, string name) => row[name] is { } value ? long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : -1;

    private static (long Connections, long Open, long Sent) Stats(JsonObject row) => (Number(row, "connections"), Number(row, "open"), Number(row, "bytesSent"));

    private static Task EventuallyAsync<T>(T expected, Func<Task<T>> actual) => Eventually.TrueAsync(async () => Equals(expected, await actual()), $"{expected}");
}
