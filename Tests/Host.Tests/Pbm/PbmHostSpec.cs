using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace Smc.Host.Tests.Pbm;

/// <summary>The stand-in for the command host: what clients may do to it.</summary>
public sealed class PbmHostSpec : TestKit
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    private readonly int _port;

    public PbmHostSpec()
        : this(PbmTests.FreePort())
    {
    }

    private PbmHostSpec(int port)
        : base($"akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\npetabridge.cmd.port = {port}")
    {
        _port = port;
        var host = PetabridgeCmd.Get(Sys);
        host.RegisterCommandPalette(new Toys(TestActor));
        host.Start();
    }

    [Fact]
    public async Task Lines_are_answered_in_turn_and_what_comes_after_a_final_response_is_for_nobody()
    {
        using TestClient client = await ConnectAsync();
        await client.WriteAsync("toys chatter\ntoys chatter\nhelp\n");
        foreach (string expected in new[] { "one", "two", "one", "two" }) Assert.Contains($"\"msg\":\"{expected}\"", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("toys chatter", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_has_a_longest_length()
    {
        using TestClient client = await ConnectAsync();
        await client.WriteAsync(new string('x', 4096));
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_types_nothing_is_shown_out()
    {
        using TestClient client = await ConnectAsync();
        await client.WriteAsync("help\n");
        Assert.NotNull(await client.ReadAsync());
        Task<string?> end = client.ReadAsync();
        await AdvanceUntilAsync(TimeSpan.FromMinutes(31), end);
        Assert.Null(await end);
    }

    [Fact]
    public async Task A_client_hears_that_a_command_goes_on_and_is_not_shown_out_meanwhile()
    {
        using TestClient client = await ConnectAsync();
        await client.WriteAsync("toys silence\n");
        ExpectMsg("begun");
        for (int i = 0; i < 3; i++)
        {
            Task<string?> quiet = client.ReadAsync();
            await AdvanceUntilAsync(TimeSpan.FromSeconds(5), quiet);
            Assert.Equal("""{"msg":"","final":false,"error":false}""", await quiet);
        }
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_command()
    {
        using (TestClient client = await ConnectAsync())
        {
            await client.WriteAsync("toys silence\n");
            ExpectMsg("begun");
        }

        ExpectMsg("stopped");
    }

    [Fact]
    public async Task A_failure_to_accept_is_not_the_end()
    {
        (await ConnectAsync()).Dispose();
        Sys.ActorSelection("/system/petabridge.cmd").Tell(new Status.Failure(new SocketException((int)SocketError.TooManyOpenSockets)));
        for (int i = 0; i < 3; i++)
        {
            using TestClient client = await ConnectAsync();
            await client.WriteAsync("help\n");
            Task<string?> answer = client.ReadAsync();
            await AdvanceUntilAsync(TimeSpan.FromSeconds(1), answer);
            Assert.NotNull(await answer);
        }
    }

    private async Task<TestClient> ConnectAsync()
    {
        var client = new TcpClient();
        using var limit = new CancellationTokenSource(HangGuard);
        while (true)
        {
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port, limit.Token);
                return new TestClient(client);
            }
            catch (SocketException)
            {
                await Task.Yield();   // the host listens as soon as its actor has begun
            }
        }
    }

    /// <summary>Moves virtual time on until something has come of it: what sets a timer may do so a moment later.</summary>
    private async Task AdvanceUntilAsync(TimeSpan step, Task what)
    {
        using var limit = new CancellationTokenSource(HangGuard);
        while (!what.IsCompleted)
        {
            ((TestScheduler)Sys.Scheduler).Advance(step);
            await Task.WhenAny(what, Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private sealed class TestClient(TcpClient connection) : IDisposable
    {
        private readonly StreamReader _reader = new(connection.GetStream());

        public Task WriteAsync(string text) => connection.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(text)).AsTask();

        public Task<string?> ReadAsync() => _reader.ReadLineAsync().WaitAsync(HangGuard);

        public void Dispose()
        {
            _reader.Dispose();
            connection.Dispose();
        }
    }

    private sealed class Toys(IActorRef watcher) : CommandPaletteHandler(Palette)
    {
        private static readonly new CommandPalette Palette = new("toys",
        [
            new CommandDefinitionBuilder().WithName("chatter").WithDescription("Says more than it should.").Build(),
            new CommandDefinitionBuilder().WithName("silence").WithDescription("Says nothing.").Build(),
        ]);

        public override Props HandlerProps => Props.Create(() => new Handler(Palette, watcher));

        private sealed class Handler : CommandHandlerActor
        {
            private readonly IActorRef _watcher;

            public Handler(CommandPalette palette, IActorRef watcher)
                : base(palette)
            {
                _watcher = watcher;
                Process("chatter", _ =>
                {
                    Sender.Tell(new CommandResponse("one", final: false));
                    Sender.Tell(new CommandResponse("two"));
                    Sender.Tell(new CommandResponse("three"));
                });
                Process("silence", _ => watcher.Tell("begun"));
            }

            protected override void PostStop() => _watcher.Tell("stopped");
        }
    }
}
