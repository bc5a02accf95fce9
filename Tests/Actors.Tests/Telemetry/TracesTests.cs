using System.Diagnostics;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Peer.Handshakes;

namespace Actors.Tests.Telemetry;

/// <summary>The activities Smc.Actors, read back through OpenTelemetry.</summary>
[Collection(Alone.Name)]
public sealed class TracesTests : RendezvousTest
{
    private const string Application = "Actors.Tests.Application";

    [Fact]
    public async Task A_handshake_is_an_activity_at_either_end_with_an_event_a_message_and_its_callers_as_parent()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Application,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var application = new ActivitySource(Application);
        using var collected = new Collected();
        using Activity starting = application.StartActivity("starting")!;   // threads of the runtimes begin within it
        Pair pair = await StartPairAsync();
        starting.Stop();
        using Activity calling = application.StartActivity("calling")!;
        await using Ends ends = await pair.ConnectAsync();
        Assert.Same(calling, Activity.Current);

        Activity client = Assert.Single(collected.Activities(pair.Client.TelemetryName));
        Activity server = Assert.Single(collected.Activities(pair.Server.TelemetryName));
        Assert.Equal(("smc.handshake", ActivityKind.Client, calling.SpanId), (client.OperationName, client.Kind, client.ParentSpanId));
        Assert.Equal(("smc.handshake", ActivityKind.Server, default), (server.OperationName, server.Kind, server.ParentSpanId));
        Assert.Equal(["announce", "connected", "matched", "proposal", "accept", "confirm"], Sorted(client));
        Assert.Equal(["announce<", "matched>", "proposal<", "accept>", "confirm<"], Said(server));
        foreach (Activity activity in new[] { client, server })
        {
            Assert.True(activity.StartTimeUtc >= calling.StartTimeUtc, "it began within the call");
            Assert.True(activity.Duration > TimeSpan.Zero);
            DateTimeOffset[] said = [.. activity.Events.Select(message => message.Timestamp)];
            Assert.Equal(said.Order(), said);
            Assert.All(said, at => Assert.InRange(at.UtcDateTime, activity.StartTimeUtc, activity.StartTimeUtc + activity.Duration));
            Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        }

        Assert.Equal("network.local.address=127.0.0.1 network.peer.address=127.0.0.1 smc.handshake.step=Confirm smc.mode=smcd smc.outcome=smc smc.role=server", Tags(server));
    }

    [Fact]
    public async Task A_fallback_says_why_and_who_decided_and_is_no_error()
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync("smc.buffers.max-dmbs = 1");
        await using Ends first = await pair.ConnectAsync();
        await using Ends second = await pair.ConnectAsync();
        Activity client = collected.Activities(pair.Client.TelemetryName)[1];
        Assert.Equal("decline<", Said(client)[^1]);
        Assert.Equal(ActivityStatusCode.Unset, client.Status);
        Assert.Equal(
            "network.local.address=127.0.0.1 network.peer.address=127.0.0.1 smc.fallback.peer_reason=MaxDmb smc.fallback.reason=PeerDeclined "
            + "smc.handshake.decided_by=server smc.handshake.step=Proposal smc.mode=tcp smc.outcome=fallback smc.role=client",
            Tags(client));
    }

    [Fact]
    public async Task A_client_that_cancels_is_an_event_of_the_server_and_one_that_breaks_off_an_error()
    {
        using var collected = new Collected();
        Pair pair = await StartPairAsync();
        using var client = new ScriptedClient(Folder, pair.Listener.LocalEndPoint);
        await client.BeginAsync().Guard();
        client.Cancel();
        await client.Socket.SendAsync("plain"u8.ToArray());
        await (await pair.Listener.AcceptAsync().Guard()).DisposeAsync();
        Activity canceled = Assert.Single(collected.Activities(pair.Server.TelemetryName));
        Assert.Equal(["announce<", "matched>", "cancel<"], Said(canceled));
        Assert.Contains("smc.fallback.peer_reason=MatchTimeout smc.fallback.reason=PeerCancelled", Tags(canceled), StringComparison.Ordinal);

        await client.BeginAsync().Guard();
        client.Propose();
        await client.ReadAcceptAsync().Guard();
        client.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Socket.Dispose();
        await Eventually.TrueAsync(() => collected.Activities(pair.Server.TelemetryName).Count == 2, "the handshake that was broken off");
        Activity broken = collected.Activities(pair.Server.TelemetryName)[1];
        Assert.Equal((ActivityStatusCode.Error, "ConnectionReset"), (broken.Status, broken.StatusDescription));
        Assert.Contains("error.type=ConnectionReset", Tags(broken), StringComparison.Ordinal);
        Assert.Equal(["announce<", "matched>", "proposal<", "accept>"], Said(broken));
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_an_error_of_the_client()
    {
        using var collected = new Collected();
        SmcRuntime runtime = await StartRuntimeAsync();
        await Assert.ThrowsAsync<SocketException>(() => runtime.ConnectAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1)).AsTask().Guard());
        Activity refused = Assert.Single(collected.Activities(runtime.TelemetryName));
        Assert.Equal((ActivityStatusCode.Error, "ConnectionRefused"), (refused.Status, refused.StatusDescription));
    }

    private static List<string> Said(Activity activity) =>
        [.. activity.Events.Select(message => $"{message.Name}{(Equals(message.Tags.Single().Value, "transmit") ? '>' : '<')}")];

    /// <summary>Connected and matched come in either order.</summary>
    private static List<string> Sorted(Activity activity)
    {
        List<string> names = [.. activity.Events.Select(message => message.Name)];
        return [names[0], .. names[1..3].Order(StringComparer.Ordinal), .. names[3..]];
    }

    /// <summary>All but the runtime and the ports.</summary>
    private static string Tags(Activity activity) => string.Join(" ", activity.TagObjects
        .Where(tag => tag.Key != "smc.runtime" && !tag.Key.EndsWith(".port", StringComparison.Ordinal)).Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
}
