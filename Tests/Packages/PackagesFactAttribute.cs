using System.Reflection;

namespace Smc.Packages.Tests;

/// <summary>A test of what is published with a dependency on Akka.NET: it needs Akka.NET's packages.</summary>
internal sealed class PackagesFactAttribute : FactAttribute
{
    public PackagesFactAttribute()
    {
        IEnumerable<AssemblyMetadataAttribute> metadata = typeof(PackagesFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        if (metadata.Single(entry => entry.Key == "AkkaSource").Value != "packages")
            Skip = "Smc.Actors is packed from the packages build alone, and this is the embedded one.";
    }
}
