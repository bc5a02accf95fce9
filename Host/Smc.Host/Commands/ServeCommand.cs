using System.CommandLine;
using Akka.Configuration;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;
using Smc.Host.Pbm;
using Smc.Host.Transfer;

namespace Smc.Host.Commands;

/// <summary><c>smc serve</c>: accepts connections and drops, echoes or stores what they bring.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = $"Where to listen: {EndPointText.Syntax}; port 0 lets the system choose.", Required = true };
        var echo = new Option<bool>("--echo") { Description = "Send every byte back." };
        var sink = new Option<bool>("--sink") { Description = "Count the bytes, verify those of smc send, and drop them (the default)." };
        var file = new Option<string>("--out") { Description = "Store what smc send brings; FILE appears, or is replaced, when it is complete and verified.", HelpName = "FILE" };
        var count = new Option<int>("--count") { Description = "Leave after this many connections; 0 goes on until Ctrl+C." };
        var over = OverOption.Create();
        var config = ConfigOption.Create();
        var pbm = new Option<string>("--pbm") { Description = $"Take commands of pbm at {EndPointText.Syntax}; of this host where no address is given.", HelpName = "HOST:PORT" };
        var command = new Command("serve", "Accept connections; a transfer of smc send is verified by SHA-256 and answered with a receipt.")
        {
            listen, echo, sink, file, count, over, config, pbm,
        };
        command.Validators.Add(result =>
        {
            int chosen = (result.GetValue(echo) ? 1 : 0) + (result.GetValue(sink) ? 1 : 0) + (result.GetResult(file) is null ? 0 : 1);
            if (chosen > 1) result.AddError("choose one of --echo, --sink and --out.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            Server server = new(parsed.GetValue(echo), parsed.GetValue(file), parsed.GetValue(count));
            Over chosen = OverNames.Parse(parsed.GetValue(over)!);
            Config? own = ConfigOption.Read(parsed, config, chosen);
            Config? commands = parsed.GetValue(pbm) is { } at ? PbmHost.ConfigFor(EndPointText.Parse(at)) : null;
            if (commands is not null && chosen != Over.Smc) throw CommandFailure.Usage($"--pbm is for --over {Over.Smc.Name()}.");
            await using Carrier carrier = await Carrier.StartAsync(new CarrierSettings(chosen, Config: commands?.WithFallback(own ?? Config.Empty) ?? own), ct);
            if (commands is not null && carrier is SmcCarrier smc) PbmHost.Start(smc.Runtime);
            return (int)await server.RunAsync(carrier, parsed.GetValue(listen)!, ct);
        });
        return command;
    }
}
