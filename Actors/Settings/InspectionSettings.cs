using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>What operators may do who look in.</summary>
/// <param name="AllowMutations">They may change something.</param>
public sealed record InspectionSettings(bool AllowMutations)
{
    /// <summary>The key, as a refusal names it.</summary>
    public const string AllowMutationsKey = "smc.inspection.allow-mutations";

    internal static InspectionSettings From(Config smc) => new(new SectionReader(smc, "inspection").Switch("allow-mutations"));
}
