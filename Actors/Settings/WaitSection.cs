using Akka.Configuration;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.Settings;

/// <summary>The section <c>wait</c>. Its record is the transport's own.</summary>
internal static class WaitSection
{
    private const int MaxSpinMicroseconds = 1000;

    extension(WaitSettings)
    {
        /// <summary>How the connections of this process wait. On one core nobody spins: whoever is waited for would not run meanwhile.</summary>
        public static WaitSettings From(Config smc)
        {
            var section = new SectionReader(smc, "wait");
            int longest = section.Number("longest-spin-microseconds", 1, MaxSpinMicroseconds);
            bool spins = section.Switch("spin") && Environment.ProcessorCount > 1;
            return new WaitSettings(spins ? longest : 0, section.Switch("inline-completions"));
        }
    }
}
