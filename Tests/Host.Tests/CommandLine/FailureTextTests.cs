using System.Net.Sockets;
using Smc.Host.CommandLine;

namespace Smc.Host.Tests.CommandLine;

public sealed class FailureTextTests
{
    public static TheoryData<Exception, int> Failures => new()
    {
        { CommandFailure.Usage("first\nsecond"), 64 },
        { new OperationCanceledException(), 130 },
        { new FileNotFoundException("long text", "name"), 1 },
        { new IOException("outer", new SocketException((int)SocketError.ConnectionReset)), 1 },
        { new SocketException((int)SocketError.NetworkUnreachable), 1 },
        { new AggregateException(new UnauthorizedAccessException("no\nright")), 1 },
        { new InvalidOperationException("a bug\n   at Somewhere"), 1 },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_is_one_line_and_an_exit_code(Exception failure, int code)
    {
        (ExitCode actual, string line) = FailureText.Describe(failure);
        Assert.Equal(code, (int)actual);
        Assert.NotEmpty(line);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData(SocketError.AddressAlreadyInUse, "the port is in use")]
    [InlineData(SocketError.AccessDenied, "not permitted")]
    [InlineData(SocketError.AddressNotAvailable, "no such address")]
    public void A_listener_that_fails_names_its_endpoint_and_the_cause(SocketError error, string cause)
    {
        CommandFailure failure = FailureText.Listening("host:1", new SocketException((int)error));
        Assert.Equal(ExitCode.Failed, failure.Code);
        Assert.Contains("host:1", failure.Message, StringComparison.Ordinal);
        Assert.Contains(cause, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_out_of_reach_has_its_own_exit_code() =>
        Assert.Equal(ExitCode.Unreachable, FailureText.Connecting("host:1", new SocketException((int)SocketError.ConnectionRefused)).Code);
}
