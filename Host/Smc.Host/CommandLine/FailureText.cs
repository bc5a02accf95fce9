using System.Net.Sockets;
using Akka.Configuration;

namespace Smc.Host.CommandLine;

/// <summary>Turns what the system throws into one line and an exit code.</summary>
internal static class FailureText
{
    public static (ExitCode Code, string Line) Describe(Exception failure) => failure switch
    {
        CommandFailure f => (f.Code, OneLine(f.Message)),
        OperationCanceledException => (ExitCode.Cancelled, "cancelled."),
        AggregateException { InnerException: { } inner } => Describe(inner),
        ConfigurationException f => (ExitCode.Usage, OneLine(f.Message)),
        FileNotFoundException { FileName: { } name } => (ExitCode.Failed, $"no such file: {name}"),
        DirectoryNotFoundException f => (ExitCode.Failed, OneLine(f.Message)),
        IOException { InnerException: SocketException inner } => (ExitCode.Failed, $"the connection ended: {Of(inner)}."),
        SocketException f => (ExitCode.Failed, $"{Of(f)}."),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, OneLine(failure.Message)),
        _ => (ExitCode.Failed, $"{failure.GetType().Name}: {OneLine(failure.Message)}"),
    };

    /// <summary>A listener that could not be opened on <paramref name="at"/>.</summary>
    public static CommandFailure Listening(string at, SocketException failure) => CommandFailure.Failed(failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"cannot listen on {at}: the port is in use.",
        SocketError.AccessDenied => $"cannot listen on {at}: not permitted.",
        SocketError.AddressNotAvailable => $"cannot listen on {at}: this host has no such address.",
        _ => $"cannot listen on {at}: {Of(failure)}.",
    }, failure);

    /// <summary>A peer that could not be reached at <paramref name="at"/>.</summary>
    public static CommandFailure Connecting(string at, SocketException failure) => new(ExitCode.Unreachable, failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"cannot reach {at}: nobody listens there.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"cannot reach {at}: no such host.",
        SocketError.TimedOut => $"cannot reach {at}: no answer in time.",
        _ => $"cannot reach {at}: {Of(failure)}.",
    }, failure);

    private static string Of(SocketException failure) => OneLine(failure.Message).TrimEnd('.');

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
