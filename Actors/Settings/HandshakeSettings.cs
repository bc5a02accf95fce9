using Akka.Configuration;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Settings;

/// <summary>Deadlines and identities of a handshake.</summary>
/// <param name="MatchTimeout">Of the wait for the listener to match an announcement.</param>
/// <param name="ClcTimeout">Of the wait for a CLC message.</param>
/// <param name="SniffTimeout">Of the wait for the first bytes of a connection that was not announced.</param>
/// <param name="Ueids">User EIDs in the order of preference.</param>
public sealed record HandshakeSettings(TimeSpan MatchTimeout, TimeSpan ClcTimeout, TimeSpan SniffTimeout, IReadOnlyList<Ueid> Ueids)
{
    internal static HandshakeSettings From(Config smc)
    {
        var section = new SectionReader(smc, "handshake");
        return new HandshakeSettings(
            section.Duration("match-timeout"), section.Duration("clc-timeout"), section.Duration("sniff-timeout"), UeidsOf(section));
    }

    private static IReadOnlyList<Ueid> UeidsOf(SectionReader section)
    {
        IReadOnlyList<Ueid> ueids = section.List(
            "ueids", "1 to 32 characters A-Z 0-9 . -, the first a letter or digit", static (string text, out Ueid ueid) => Ueid.TryParse(text, out ueid));
        return ueids.Count is >= 1 and <= Ueid.MaxCount ? ueids : throw section.Bad("ueids", $"1 to {Ueid.MaxCount} entries", $"{ueids.Count} entries");
    }
}
