using System.Net;
using System.Net.Sockets;
using Smc.Transport.Paths.Tcp;
using Smc.Transport.Tests.Conformance;
using Smc.Transport.Tests.Wire.Clc;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Paths.Tcp;

/// <summary>A stream like any other, whose first bytes may be a Proposal.</summary>
public sealed class UnjudgedTcpPathTests : StreamConformance<UnjudgedTcpFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Proposal_before_the_application_has_written_is_declined_and_what_follows_is_the_applications(bool isAsync)
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        client.Send(Samples.LoopbackProposal);
        client.Send("plain"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("plain"u8.ToArray(), await ReadToEndAsync(server, isAsync));
        await server.WriteAsync("too"u8.ToArray());
        server.Dispose();
        byte[] answer = new byte[100];
        int count = 0;
        for (int received = 1; received > 0; count += received) received = await client.ReceiveAsync(answer.AsMemory(count)).AsTask().Guarded();
        answer = answer[..count];
        client.Dispose();
        Assert.Equal(WireError.None, Decline.TryWrap(answer.AsSpan(0, answer.Length - 3), out Decline decline));
        Assert.Equal(SmcReason.SniffTimeout, decline.Diagnosis);
        Assert.Equal("too"u8.ToArray(), answer[^3..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Proposal_after_the_application_has_written_resets_the_connection(bool isAsync)
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        await server.WriteAsync("220"u8.ToArray());
        client.Send(Samples.LoopbackProposal);
        IOException broken = await Assert.ThrowsAsync<IOException>(() => ReadToEndAsync(server, isAsync));
        Assert.Equal(SocketError.ConnectionAborted, ((SocketException)broken.InnerException!).SocketErrorCode);
        Assert.Throws<SocketException>(() =>
        {
            while (client.Receive(new byte[3]) > 0)
            {
                // What was written before the reset.
            }
        });
        client.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Proposal_that_breaks_off_is_nobodys_and_every_later_operation_fails(bool isAsync)
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        client.Send(Samples.LoopbackProposal.AsSpan(0, 20));
        client.Shutdown(SocketShutdown.Send);
        for (int i = 0; i < 2; i++) Assert.Equal(SocketError.ConnectionAborted, await ErrorAsync(() => ReadToEndAsync(server, isAsync)));
        Assert.Equal(SocketError.ConnectionAborted, await ErrorAsync(() => server.WriteAsync(new byte[1]).AsTask()));
        Assert.Equal(SocketError.ConnectionAborted, await ErrorAsync(() => Task.Run(() => server.Write([1]))));
        Assert.Equal(SmcReason.SniffTimeout, server.FallbackReason);
        Assert.Equal(ConnectionEnd.Violated, server.Ending);
        client.Dispose();
    }

    [Fact]
    public async Task A_client_that_is_gone_before_its_Proposal_is_declined_is_a_reset_and_no_byte_of_it_is_delivered()
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        client.Send(Samples.LoopbackProposal);
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Dispose();
        await Assert.ThrowsAsync<IOException>(() => ReadToEndAsync(server, isAsync: false));
        Assert.Equal(0, server.Statistics.BytesRead);
        int delivered = 0;
        try
        {
            delivered = server.Read(new byte[100]);
        }
        catch (IOException)
        {
            // Gone as well.
        }

        Assert.Equal(0, delivered);
    }

    [Fact]
    public async Task A_read_in_the_middle_of_the_first_bytes_keeps_its_time_out_and_the_next_goes_on()
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        client.Send(Samples.LoopbackProposal.AsSpan(0, 3));
        server.ReadTimeout = 20;
        Assert.Equal(SocketError.TimedOut, await ErrorAsync(() => Task.Run(() => server.ReadByte())));
        using var cancellation = new CancellationTokenSource();
        Task<int> canceled = server.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled.Guarded());
        client.Send([0]);   // no eyecatcher
        byte[] first = new byte[4];
        await server.ReadExactlyAsync(first).AsTask().Guarded();
        Assert.Equal([.. Samples.LoopbackProposal[..3], 0], first);
        client.Dispose();
    }

    [Fact]
    public async Task Writing_nothing_is_no_word_of_the_applications()
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        server.Write([]);
        await server.WriteAsync(Array.Empty<byte>());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.WriteAsync(new byte[1], new CancellationToken(canceled: true)).AsTask());
        client.Send(Samples.LoopbackProposal);
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await ReadToEndAsync(server, isAsync: true));
        client.Dispose();
    }

    [Fact]
    public async Task Closing_with_first_bytes_unread_resets_the_connection()
    {
        (Socket client, SmcStream server) = await ConnectAsync("GET"u8.ToArray());
        server.Dispose();
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
        client.Dispose();
    }

    [Fact]
    public async Task A_Proposal_that_is_malformed_past_its_header_resets_the_connection()
    {
        (Socket client, SmcStream server) = await ConnectAsync([]);
        byte[] bad = [.. Samples.LoopbackProposal];
        bad[^1] ^= 0xFF;
        client.Send(bad);
        await Assert.ThrowsAsync<IOException>(() => ReadToEndAsync(server, isAsync: true));
        Assert.Equal(ConnectionEnd.Violated, server.Ending);
        client.Dispose();
    }

    [Fact]
    public async Task Whoever_hears_of_a_late_Proposal_keeps_no_writer_waiting()
    {
        bool hasWritten = false;
        UnjudgedTcpPath? path = null;
        (Socket client, Socket accepted) = await ConnectSocketsAsync();
        path = new UnjudgedTcpPath(accepted, default, closed: null, proposed: _ => hasWritten = Task.Run(path!.ShutdownWrite).Wait(Patience));
        byte[] bad = [.. Samples.LoopbackProposal];
        bad[^1] ^= 0xFF;
        client.Send(bad);
        await Assert.ThrowsAsync<IOException>(() => Task.Run(() => path.Read(new byte[1], Timeout.Infinite)).Guarded());
        Assert.True(hasWritten);
        client.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Bytes_that_a_Proposal_might_begin_with_wait_for_the_next_and_are_delivered_with_them(int early)
    {
        byte[] data = [.. Samples.LoopbackProposal[..7], 0];   // version 0: no Proposal
        (Socket client, SmcStream server) = await ConnectAsync(data[..early]);
        for (int i = early; i < data.Length; i++) client.Send(data.AsSpan(i, 1));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(data, await ReadToEndAsync(server, isAsync: true));
        Assert.Equal(data.Length, server.Statistics.BytesRead);
        client.Dispose();
    }

    [Fact]
    public async Task A_Proposal_in_single_bytes_is_a_Proposal_and_not_counted()
    {
        byte[] proposal = Samples.LoopbackProposal;
        (Socket client, SmcStream server) = await ConnectAsync(proposal[..3]);
        Task<byte[]> reading = ReadToEndAsync(server, isAsync: true);
        for (int i = 3; i < proposal.Length; i++) client.Send(proposal.AsSpan(i, 1));
        client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await reading);
        Assert.Equal(0, server.Statistics.BytesRead);
        client.Dispose();
    }

    private static async Task<SocketError> ErrorAsync(Func<Task> operation) =>
        Assert.IsType<SocketException>((await Assert.ThrowsAsync<IOException>(() => operation().Guarded())).InnerException).SocketErrorCode;

    private static async Task<byte[]> ReadToEndAsync(Stream stream, bool isAsync)
    {
        var read = new MemoryStream();
        if (isAsync) await stream.CopyToAsync(read).Guarded();
        else await Task.Run(() => stream.CopyTo(read)).Guarded();
        return read.ToArray();
    }

    private static async Task<(Socket Client, SmcStream Server)> ConnectAsync(byte[] early)
    {
        (Socket client, Socket accepted) = await ConnectSocketsAsync();
        return (client, UnjudgedTcpFixture.Wrap(accepted, early));
    }

    private static async Task<(Socket Client, Socket Accepted)> ConnectSocketsAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndpoint).Guarded();
        return (client, await listener.AcceptSocketAsync().Guarded());
    }
}

/// <summary>Plain TCP whose accepting end has not been judged.</summary>
public sealed class UnjudgedTcpFixture : ITransportFixture
{
    private readonly TcpFixture _tcp = new();

    public bool KeepsDataBeforeReset => _tcp.KeepsDataBeforeReset;

    public SocketError[] ErrorsAfterPeerClosed => _tcp.ErrorsAfterPeerClosed;

    public StreamPair Connect() => _tcp.Connect(socket => Wrap(socket, []));

    public void Dispose() => _tcp.Dispose();

    internal static SmcStream Wrap(Socket socket, byte[] early) =>
        new(new UnjudgedTcpPath(socket, early), (IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!, SmcReason.PeerNoSmc);
}
