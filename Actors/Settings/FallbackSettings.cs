using Akka.Configuration;

namespace Smc.Actors.Settings;

/// <summary>Fallbacks.</summary>
/// <param name="WarnInterval">Between two warnings of one peer and reason.</param>
public sealed record FallbackSettings(TimeSpan WarnInterval)
{
    internal static FallbackSettings From(Config smc) => new(new SectionReader(smc, "fallback").Duration("warn-interval"));
}
