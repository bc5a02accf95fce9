using System.CommandLine;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Host.Transfer;

namespace Smc.Host.Commands;

/// <summary><c>smc send</c>: one file to one <c>smc serve</c>, verified at both ends.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file to send." };
        var to = new Option<string>("--to") { Description = $"Where smc serve listens: {EndPointText.Syntax}.", Required = true };
        var over = OverOption.Create();
        var config = ConfigOption.Create();
        var command = new Command("send", "Send a file: 8 bytes of magic, its length in 8, its bytes, its SHA-256. The receipt of smc serve (or its echo) must agree.")
        {
            file, to, over, config,
        };
        command.SetAction(async (parsed, ct) =>
        {
            string path = parsed.GetValue(file)!;
            if (Directory.Exists(path)) throw CommandFailure.Failed($"{path} is a folder.");
            await using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (!source.CanSeek) throw CommandFailure.Failed($"{path} has no length: put what comes through it into a file first.");
            Over chosen = OverNames.Parse(parsed.GetValue(over)!);
            var settings = new CarrierSettings(chosen, Config: ConfigOption.Read(parsed, config, chosen));
            await using Carrier carrier = await Carrier.StartAsync(settings, ct);
            await using Connection connection = await carrier.ConnectAsync(parsed.GetValue(to)!, ct);
            Console.WriteLine(await new TransferSender(connection, source).SendAsync(ct));
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
