using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors.Connections;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;

namespace Actors.Tests.Connections;

public sealed class CallerAnswerTests : IDisposable
{
    private readonly CancellationTokenSource _caller = new();
    private readonly TaskCompletionSource<SmcStream> _promise = new();
    private readonly CallerAnswer _answer;

    public CallerAnswerTests()
    {
        var request = new HandshakeProtocol.Connect(new IPEndPoint(IPAddress.Loopback, 1), _promise, _caller.Token);
        _answer = new CallerAnswer(request, new ConnectionTable());
    }

    [Fact]
    public async Task A_caller_whose_answer_a_link_group_owes_can_cancel()
    {
        _answer.LeaveToGroup();
        await _caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _promise.Task.Guard());
    }

    [Fact]
    public async Task A_caller_who_cancels_behind_the_answer_of_a_link_group_has_it()
    {
        HandshakeJournal journal = _answer.LeaveToGroup();
        journal.Fail(SocketError.ConnectionReset);
        await _caller.CancelAsync();
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => _promise.Task.Guard());
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    public void Dispose() => _caller.Dispose();
}
