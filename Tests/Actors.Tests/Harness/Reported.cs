using System.Text.Json.Nodes;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Reports;
using Smc.Peer.Handshakes;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;

namespace Actors.Tests.Harness;

/// <summary>What a runtime says of itself, to whoever looks in.</summary>
internal static class Reported
{
    /// <summary>The sum of a number over the rows of a command.</summary>
    public static async Task<long> SumAsync(this SmcRuntime runtime, string command, string property) =>
        (await runtime.RowsAsync(command)).Sum(row => row![property]!.GetValue<long>());

    /// <summary>The rows of a command.</summary>
    public static async Task<JsonArray> RowsAsync(this SmcRuntime runtime, string command)
    {
        SmcReport report = await runtime.InspectAsync(command).Guard();
        Assert.False(report.IsError, report.ToText(120));
        return report.ToJson()["rows"]!.AsArray();
    }

    /// <summary>The rules that peers broke beside any connection: where, which, how often, and what came of it.</summary>
    public static string BrokenRules(this SmcRuntime runtime) => string.Join(
        "; ", runtime.Device.Rules.Report().Select(broken => $"{broken.Layer} {broken.Rule} {broken.Times.Count}: {broken.Consequence}"));

    /// <summary>Who is told to have broken a rule: the device that it says it is, and the process that the kernel says it is, here the test's own.</summary>
    public static string NameInEvents(this ScriptedEnd by) =>
        $"{by.Rendezvous.Gid}, process {Environment.ProcessId} of user {by.Session.Credentials.UserId}";

    /// <summary>The connection of a stream.</summary>
    public static async Task<ConnectionReport> ReportAsync(this SmcRuntime runtime, SmcStream stream) =>
        (await runtime.GetConnectionsAsync()).Single(
            connection => (connection.Local, connection.Peer) == ($"{stream.LocalEndPoint}", $"{stream.RemoteEndPoint}"));

    /// <summary>Waits until a write of a stream, <paramref name="write"/>, sleeps at the peer's full buffer. One that completes never will.</summary>
    public static Task WriterAsleepAsync(this SmcRuntime runtime, SmcStream stream, Task write) => Eventually.TrueAsync(
        async () =>
        {
            Assert.False(write.IsCompleted, "the write has found room");
            return (await runtime.ReportAsync(stream)).Path is { Writing: { Activity: DirectionActivity.Asleep } writing }
                && writing.Pending == writing.RingBytes;
        },
        "a writer asleep at the full window");
}
