using System.Reflection;

namespace Smc.Actors;

/// <summary>The version of Smc.Actors.</summary>
internal static class ProductVersion
{
    /// <summary>Without the commit that it was built from.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
