using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Petabridge.Cmd.Host;

/// <summary>The command host of an actor system: takes clients on TCP once started, and gives each a handler of every palette.</summary>
public sealed class PetabridgeCmd : IExtension
{
    private readonly List<CommandPaletteHandler> _handlers = [];
    private readonly Config _config;

    internal PetabridgeCmd(ExtendedActorSystem system)
    {
        Sys = system;
        system.Settings.InjectTopLevelFallback(ConfigurationFactory.FromResource("petabridge.cmd.conf", typeof(PetabridgeCmd).Assembly));
        _config = system.Settings.Config.GetConfig("petabridge.cmd");
    }

    public ExtendedActorSystem Sys { get; }

    public static PetabridgeCmd Get(ActorSystem system) => system.WithExtension<PetabridgeCmd, PetabridgeCmdProvider>();

    /// <summary>Adds a palette, before the start.</summary>
    /// <returns>False where one of its name is there.</returns>
    public bool RegisterCommandPalette(CommandPaletteHandler handler)
    {
        if (_handlers.Any(other => other.Palette.ModuleName == handler.Palette.ModuleName)) return false;
        _handlers.Add(handler);
        handler.OnRegister(this);
        if (_config.GetBoolean("log-palettes-on-startup")) Sys.Log.Info("Palette {0} is registered", handler.Palette.ModuleName);
        return true;
    }

    /// <summary>Listens. A port that is taken is logged, and the application goes on.</summary>
    public void Start()
    {
        var at = new IPEndPoint(IPAddress.Parse(_config.GetString("host")), _config.GetInt("port"));
        Sys.SystemActorOf(Props.Create(() => new PbmHostActor(at, _handlers.ToArray())), "petabridge.cmd");
    }
}

/// <summary>Makes the host of a system at first use.</summary>
public sealed class PetabridgeCmdProvider : ExtensionIdProvider<PetabridgeCmd>
{
    public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new(system);
}
