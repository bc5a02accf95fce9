using System.Text;
using Akka.Configuration;
using Smc.Host.CommandLine;

namespace Smc.Host.Carriers;

/// <summary>How a carrier is set up. Null leaves a default as it is.</summary>
/// <param name="Over">What carries the bytes.</param>
/// <param name="BufferBytes">DMB size of both directions, or SO_SNDBUF and SO_RCVBUF.</param>
/// <param name="Spin">Whether SMC waits by spinning before it sleeps; sockets do not know it.</param>
/// <param name="InlineCompletions">Whether SMC completes asynchronous operations on its wake thread.</param>
/// <param name="RendezvousFolder">Where SMC processes find each other.</param>
/// <param name="Blocking">Whether sockets are opened by blocking calls, as synchronous programs do.</param>
/// <param name="Config">More settings of the runtime; those above win.</param>
internal sealed record CarrierSettings(
    Over Over,
    int? BufferBytes = null,
    bool? Spin = null,
    bool? InlineCompletions = null,
    string? RendezvousFolder = null,
    bool Blocking = false,
    Config? Config = null)
{
    /// <summary>These settings, and the program's logging, as the runtime takes them.</summary>
    public Config ToConfig()
    {
        var text = new StringBuilder();
        if (BufferBytes is { } bytes) text.Append("smc.buffers.size = ").Append(bytes / 1024).Append("KiB\n");
        if (Spin is { } spin) text.Append("smc.wait.spin = ").Append(OnOff(spin)).Append('\n');
        if (InlineCompletions is { } inline) text.Append("smc.wait.inline-completions = ").Append(OnOff(inline)).Append('\n');
        if (RendezvousFolder is { } folder) text.Append("smc.rendezvous.folder = \"").Append(folder).Append("\"\n");
        Config own = ConfigurationFactory.ParseString(text.ToString());
        Config all = Config is null ? own : own.WithFallback(Config);
        return all.WithFallback(ConfigurationFactory.ParseString(Verbosity.Hocon));
    }

    private static string OnOff(bool value) => value ? "on" : "off";
}
