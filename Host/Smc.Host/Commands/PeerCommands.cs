using System.CommandLine;
using Smc.Host.Bench;
using Smc.Host.CommandLine;
using Smc.Host.Demo;

namespace Smc.Host.Commands;

/// <summary>The hidden commands by which <c>bench</c> and <c>demo</c> start this program as their other processes.</summary>
internal static class PeerCommands
{
    public static Command CreateBenchPeer()
    {
        var configuration = new Argument<string>("CONFIGURATION");
        var command = new Command("bench-peer") { configuration };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await BenchPeer.RunAsync(PeerConfiguration.Parse(parsed.GetValue(configuration)!), ct);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateDemoPeer()
    {
        var folder = new Argument<string>("FOLDER");
        var command = new Command("demo-peer") { folder };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await using var peer = new DemoPeer(parsed.GetValue(folder)!);
            await peer.RunAsync(Console.In, Console.Out, ct);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
