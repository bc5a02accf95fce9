using Akka.Configuration;
using Smc.Transport.Memory;

namespace Smc.Actors.Settings;

/// <summary>Receive buffers.</summary>
/// <param name="Size">The class of a connection's DMB.</param>
/// <param name="Prefault">Commit memory at once.</param>
/// <param name="TrimAfter">How long a DMB is idle before its pages go back to the system; zero where they never do.</param>
/// <param name="MaxDmbs">DMBs of this process in use at once.</param>
/// <param name="MaxDmbsPerUser">Those of them for peers that run as one user.</param>
/// <param name="MaxDmbsPerPeer">Those of them for one process.</param>
public sealed record BufferSettings(SizeClass Size, bool Prefault, TimeSpan TrimAfter, int MaxDmbs, int MaxDmbsPerUser, int MaxDmbsPerPeer)
{
    private const int MostDmbs = 1 << 20;
    private const long LargestBuffer = SizeClass.SmallestBytes << SizeClass.LargestSmcdCode;

    internal static BufferSettings From(Config smc)
    {
        var section = new SectionReader(smc, "buffers");
        return new BufferSettings(
            SizeClass.ForSmcd(section.Bytes("size", SizeClass.SmallestBytes, LargestBuffer, "16 KiB to 1 MiB")),
            section.Choice("memory", ("plain", false), ("prefaulted", true)),
            section.DurationOrNone("trim-after"),
            section.Number("max-dmbs", 1, MostDmbs),
            section.Number("max-dmbs-per-user", 1, MostDmbs),
            section.Number("max-dmbs-per-peer", 1, MostDmbs));
    }
}
