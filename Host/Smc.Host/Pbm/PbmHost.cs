using System.Net;
using Akka.Configuration;
using Petabridge.Cmd.Host;
using Smc.Actors;
using Smc.Host.CommandLine;
using Smc.Pbm;

namespace Smc.Host.Pbm;

/// <summary>Hosts the palette of a runtime.</summary>
internal static class PbmHost
{
    /// <summary>What the actor system has to be started with.</summary>
    /// <param name="at">Where the host will listen; loopback where no address is given: there is no authentication.</param>
    /// <exception cref="CommandFailure">No port, or a name where an address is wanted.</exception>
    public static Config ConfigFor(EndPointText at)
    {
        if (at.Port == 0) throw CommandFailure.Usage("--pbm needs a port: nobody would know which one the system chose.");
        string host = at.Host.Length == 0 ? $"{IPAddress.Loopback}" : at.Host;
        if (!IPAddress.TryParse(host, out _)) throw CommandFailure.Usage($"--pbm needs an address, not the name '{host}'.");
        return ConfigurationFactory.ParseString($"petabridge.cmd {{ host = \"{host}\", port = {at.Port} }}");
    }

    /// <summary>Starts the command host of the runtime's actor system. A port that is taken is logged, and the program goes on.</summary>
    public static void Start(SmcRuntime runtime)
    {
        PetabridgeCmd host = PetabridgeCmd.Get(runtime.System);
        host.RegisterCommandPalette(new SmcCommands(runtime.Inspector));
        host.Start();
    }
}
