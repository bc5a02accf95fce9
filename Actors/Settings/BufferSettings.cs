using Akka.Configuration;
using Smc.Transport.Memory;

namespace Smc.Actors.Settings;

/// <summary>Receive buffers.</summary>
/// <param name="Size">The class of a connection's DMB.</param>
/// <param name="Prefault">Commit memory at once.</param>
/// <param name="MaxDmbs">DMBs of this process in use at once.</param>
public sealed record BufferSettings(SizeClass Size, bool Prefault, int MaxDmbs)
{
    private const long LargestBuffer = SizeClass.SmallestBytes << SizeClass.LargestSmcdCode;

    internal static BufferSettings From(Config smc)
    {
        var section = new SectionReader(smc, "buffers");
        return new BufferSettings(
            SizeClass.ForSmcd(section.Bytes("size", SizeClass.SmallestBytes, LargestBuffer, "16 KiB to 1 MiB")),
            section.Choice("memory", ("plain", false), ("prefaulted", true)),
            section.Number("max-dmbs", 1, 1 << 20));
    }
}
