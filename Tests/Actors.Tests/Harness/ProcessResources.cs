using System.Globalization;

namespace Actors.Tests.Harness;

/// <summary>What this process holds of the kernel's things, counted over what SMC makes: descriptors of any kind, and mappings of memory files.</summary>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="Mappings">Mappings of this project's memory files.</param>
internal readonly record struct ProcessResources(int Descriptors, int Mappings)
{
    /// <summary>Counts.</summary>
    public static ProcessResources Count() => new(
        Directory.GetFileSystemEntries("/proc/self/fd").Length,
        File.ReadLines("/proc/self/maps").Count(line => line.Contains("/memfd:smc-", StringComparison.Ordinal)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Mappings} mappings");
}
