using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>Listeners.</summary>
/// <param name="Backlog">Connections that the kernel holds.</param>
/// <param name="AcceptQueue">Connections that wait for AcceptAsync; handshakes under way are not counted.</param>
public sealed record ListenerSettings(int Backlog, int AcceptQueue)
{
    internal static ListenerSettings From(Config smc)
    {
        var section = new SectionReader(smc, "listener");
        return new ListenerSettings(section.Number("backlog", 1, ushort.MaxValue), section.Number("accept-queue", 1, 1 << 20));
    }
}
