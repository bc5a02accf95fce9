using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Smc.Actors;
using Smc.Actors.Inspection;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Transport;

namespace Smc.Host.Commands;

/// <summary><c>smc check</c>: would a connection from here be SMC, and if not, why.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var at = new Argument<string>("ENDPOINT") { Description = $"The endpoint to ask: {EndPointText.Syntax}." };
        var config = ConfigOption.Create();
        var command = new Command("check", "Say whether an endpoint would be SMC from here, and if not, why. Exit code: 0 SMC, 1 TCP, 2 unreachable.") { at, config };
        command.SetAction(async (parsed, ct) =>
        {
            string text = parsed.GetValue(at)!;
            EndPoint endPoint = EndPointText.Parse(text).ToConnect();
            var settings = new CarrierSettings(Over.Smc, Config: ConfigOption.Read(parsed, config, Over.Smc));
            await using SmcRuntime runtime = await SmcRuntime.StartAsync(settings.ToConfig(), ct);
            try
            {
                return (int)Print(text, await runtime.CheckAsync(endPoint, ct));
            }
            catch (SocketException failure)
            {
                throw FailureText.Connecting(text, failure);
            }
        });
        return command;
    }

    private static ExitCode Print(string at, EndpointCheck check)
    {
        Console.Write(check.ToReport(at).ToText(Terminal.Width));
        return check.Mode == SmcMode.Tcp ? ExitCode.Failed : ExitCode.Ok;
    }
}
