using System.Net.Sockets;
using System.Text;
using Actors.Tests.Harness;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Settings;
using Smc.Peer.Handshakes;
using Smc.Peer.Hostile;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Xunit.Abstractions;

namespace Actors.Tests.Connections;

/// <summary>A client against a scripted server.</summary>
public sealed class ConnectTests(ITestOutputHelper output) : ScriptedServerTest
{
    private const string ShortMatch = "smc.handshake.match-timeout = 200ms";
    private const string ShortDeadline = "smc.handshake.clc-timeout = 300ms";
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("hello, whoever you are");

    [Fact]
    public async Task A_scripted_server_that_keeps_the_rules_gets_a_connection()
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb();
            server.SendAccept();
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal(SmcMode.SmcD, stream.Mode);
            Assert.Equal(1, runtime.Device.DmbsInUse);
        }

        await runtime.DmbsAsync(0);
    }

    [Fact]
    public async Task A_listener_that_does_not_match_gets_the_applications_bytes_after_the_cancel()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync(ShortMatch);
        using (server)
        {
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.MatchTimeout), (stream.Mode, stream.FallbackReason));
            await stream.WriteAsync(Hello);
            byte[] first = new byte[Hello.Length];
            Assert.Equal(Hello.Length, await server.Socket.ReceiveAsync(first).Guard());
            Assert.Equal(Hello, first);
        }
    }

    [Fact]
    public async Task A_control_socket_that_hangs_up_before_the_match_is_TCP_at_once()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        server.Rendezvous.Dispose();
        await using SmcStream stream = await connecting.Guard();
        Assert.Equal((SmcMode.Tcp, SmcReason.ControlSocketLost), (stream.Mode, stream.FallbackReason));
        server.Dispose();
    }

    [Fact]
    public async Task A_server_that_is_silent_after_the_Proposal_is_a_time_out_and_no_fallback()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync(ShortDeadline);
        using (server)
        {
            server.Match();
            SocketException late = await Assert.ThrowsAsync<SocketException>(() => connecting.Guard());
            Assert.Equal(SocketError.TimedOut, late.SocketErrorCode);
        }
    }

    [Fact]
    public async Task A_DMB_registered_for_a_client_that_has_given_up_is_detached()
    {
        using var caller = new CancellationTokenSource();
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync(cancellation: caller.Token);
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Guard());
            server.OfferGroup();
            server.OfferDmb();
            await server.DetachedAsync();
        }
    }

    [Fact]
    public async Task A_DMB_that_was_registered_when_the_client_gives_up_is_detached()
    {
        using var caller = new CancellationTokenSource();
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync(cancellation: caller.Token);
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb();
            await server.MappedAsync();
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Guard());
            await server.DetachedAsync();
        }
    }

    [Fact]
    public async Task An_Accept_of_a_token_that_nobody_registered_is_declined()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb();
            server.SendAccept(token: 4711);
            Assert.Equal(SmcReason.SyncError, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.SyncError), (stream.Mode, stream.FallbackReason));
            await server.DetachedAsync();
        }
    }

    [Fact]
    public async Task A_Decline_and_what_the_servers_application_says_at_once_are_kept_apart()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.Decline(SmcReason.OutOfMemory, Hello);
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (stream.Mode, stream.FallbackReason));
            byte[] read = new byte[Hello.Length];
            await stream.ReadExactlyAsync(read).Guard();
            Assert.Equal(Hello, read);
            await Exchange.LookalikesAsync(stream, server.Socket);
        }
    }

    [Fact]
    public async Task Memory_that_is_not_what_the_offer_says_is_declined_before_there_is_no_way_back()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb(extraBytes: 4096);
            Assert.Equal(SmcReason.DescriptorRefused, (await server.RefusedAsync()).Reason);
            server.SendAccept();
            Assert.Equal(SmcReason.DescriptorRefused, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.DescriptorRefused), (stream.Mode, stream.FallbackReason));
            await stream.WriteAsync(Hello);
            byte[] first = new byte[Hello.Length];
            Assert.Equal(Hello.Length, await server.Socket.ReceiveAsync(first).Guard());
            await server.DetachedAsync();
        }
    }

    [Theory]
    [InlineData(BadMemoryKind.Unsealed)]
    [InlineData(BadMemoryKind.NotSealedAgainstShrinking)]
    [InlineData(BadMemoryKind.SealsNotSealed)]
    [InlineData(BadMemoryKind.Short)]
    [InlineData(BadMemoryKind.ReadOnly)]
    [InlineData(BadMemoryKind.HugePages)]
    [InlineData(BadMemoryKind.DiskFile)]
    [InlineData(BadMemoryKind.Pipe)]
    public async Task A_descriptor_that_is_no_sealed_plain_memory_is_refused_before_it_is_mapped(BadMemoryKind kind)
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            server.OfferGroup();
            server.OfferDmb(instead: bytes => BadMemory.Create(kind, bytes));
            Assert.Equal(SmcReason.DescriptorRefused, (await server.RefusedAsync()).Reason);
            server.SendAccept();
            Assert.Equal(SmcReason.DescriptorRefused, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.DescriptorRefused), (stream.Mode, stream.FallbackReason));
        }
    }

    [Fact]
    public async Task What_a_server_offers_behind_a_control_region_that_cannot_be_mapped_breaks_no_rule()
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            runtime.Device.Mappings = new PeerMappings(most: 0, mostOfPeer: 1);
            server.OfferGroup();
            server.OfferDmb();
            Assert.Equal(SmcReason.OutOfMemory, await server.AnswerAsync(0));   // the control region
            Assert.Equal(SmcReason.OutOfMemory, await server.AnswerAsync(1));
            Assert.Equal(0, runtime.Device.Mappings.Count);
            server.SendAccept();
            Assert.Equal(SmcReason.OutOfMemory, await ReadDeclineAsync(server));
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal((SmcMode.Tcp, SmcReason.OutOfMemory), (stream.Mode, stream.FallbackReason));
        }

        Assert.Equal(string.Empty, runtime.BrokenRules());
    }

    [Fact]
    public async Task A_server_that_begins_groups_without_end_loses_its_control_socket()
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            for (uint group = 1; group <= LinkGroupSettings.MostOfServer + 1; group++) server.OfferGroup(group << 8);
            await server.LostAsync();
            await using SmcStream stream = await connecting.Guard();
            Assert.Equal(SmcMode.Tcp, stream.Mode);
        }

        Assert.Equal("control TooManyGroups 1: the control socket was closed", runtime.BrokenRules());
        await Eventually.TrueAsync(async () => !await runtime.HasGroupAsync(), "the groups to end");
    }

    [Fact]
    public async Task A_server_that_answers_a_Proposal_with_something_else_ends_the_connection()
    {
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            server.Match();
            await server.ReadClcAsync();
            await server.Socket.SendAsync(Hello);
            SocketException broken = await Assert.ThrowsAsync<SocketException>(() => connecting.Guard());
            Assert.Equal(SocketError.ConnectionAborted, broken.SocketErrorCode);
        }
    }

    [Fact]
    public async Task A_caller_who_cancels_while_nobody_answers_is_released()
    {
        using var caller = new CancellationTokenSource();
        (_, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync(cancellation: caller.Token);
        using (server)
        {
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Guard());
        }
    }

    [Fact]
    public async Task A_runtime_that_ends_releases_those_who_connect()
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            await runtime.DisposeAsync();
            SocketException ended = await Assert.ThrowsAsync<SocketException>(() => connecting.Guard());
            Assert.Equal(SocketError.OperationAborted, ended.SocketErrorCode);
        }
    }

    [Fact]
    public async Task A_handshake_that_crashes_releases_its_caller_and_the_next_goes_on()
    {
        (SmcRuntime runtime, ScriptedServer server, Task<SmcStream> connecting) = await BeginAsync();
        using (server)
        {
            runtime.TellAll("connectors/*", Kill.Instance);
            SocketException ended = await Assert.ThrowsAsync<SocketException>(() => connecting.Guard());
            Assert.Equal(SocketError.OperationAborted, ended.SocketErrorCode);
        }

        await using ISmcListener listener = await runtime.ListenAsync(Loopback);
        await using Ends ends = await new Pair(runtime, runtime, listener).ConnectAsync();
        await Exchange.BothWaysAsync(ends, 10_000, Seed.Take(output));
    }
}
