using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Connections;

/// <summary>What this host says of itself at first contact.</summary>
internal static class ClcIdentity
{
    private static readonly ClcText HostName = ClcText.From(Environment.MachineName);

    public static FirstContact FirstContact(byte release, ClcFeatures features) =>
        new(ClcOs.Linux, release, HostName, release == 0 ? ClcFeatures.None : features);
}
