using System.Text.RegularExpressions;

namespace Smc.Packages.Tests;

/// <summary>What a user of the packages gets.</summary>
public class PackageTests
{
    [Fact]
    public async Task Smc_Transport_packs_in_either_build_and_depends_on_nothing()
    {
        using Packing packing = await Packing.RunAsync("Transport");
        Package package = packing.Open();

        AssertIsComplete(package, "Smc.Transport");
        Assert.Empty(package.Dependencies);
        Assert.All(package.References.Keys, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }

    [PackagesFact]
    public async Task Smc_Actors_depends_on_Smc_Transport_and_on_the_Akka_that_it_was_compiled_against()
    {
        using Packing packing = await Packing.RunAsync("Actors");
        Package package = packing.Open();

        AssertIsComplete(package, "Smc.Actors");
        Assert.Equal(["Akka", "Smc.Transport"], package.Dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(package.Value("version"), package.Dependencies["Smc.Transport"]);
        // A later one than the floor only where the registry begins later; nothing embedded is of line 1.5.
        var akka = Version.Parse(package.Dependencies["Akka"]);
        Assert.InRange(akka, new Version(1, 5, 30), new Version(1, 5, int.MaxValue));
        Assert.Equal(akka.ToString(3), package.References["Akka"].ToString(3));
    }

    [PackagesFact]
    public async Task Smc_Actors_is_not_packed_to_depend_on_another_Akka_than_it_was_compiled_against()
    {
        const string neverPublished = "1.5.30.1";
        using Packing packing = await Packing.RunAsync("Actors", $"-p:AkkaVersion={neverPublished}");

        AssertIsRefused(packing, $"and depend on {neverPublished}: dotnet fsi build.fsx pack --akka packages");
    }

    [Fact]
    public async Task The_embedded_build_does_not_pack_Smc_Actors_and_says_which_build_does()
    {
        using Packing packing = await Packing.RunAsync("Actors", "-p:AkkaSource=embedded");

        AssertIsRefused(packing, "Smc.Actors is packed from the packages build alone, and this is the embedded one: dotnet fsi build.fsx pack --akka packages");
    }

    [Fact]
    public void No_other_project_is_packed_and_the_build_script_packs_both()
    {
        string[] packable = [.. Packing.Projects().Where(project => Packing.Read(project).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))];
        Assert.Equal(["Actors/Smc.Actors.csproj", "Transport/Smc.Transport.csproj"], packable);
        string script = Packing.Read("build.fsx");
        IEnumerable<string> packed = Regex.Matches(script, "packOne \"([^\"]+)\"").Select(match => match.Groups[1].Value);
        Assert.Equal(packable, packed.Order(StringComparer.Ordinal));
    }

    [PackagesFact]
    public async Task What_is_written_on_Akka_and_not_published_is_not_packed()
    {
        using Packing packing = await Packing.RunAsync("Host/Smc.Pbm");

        Assert.True(packing.ExitCode == 0, packing.Output);
        Assert.Empty(Directory.GetFiles(packing.Folder, "*.nupkg"));
    }

    private static void AssertIsComplete(Package package, string name)
    {
        Assert.Equal(["README.md", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], package.Files);
        Assert.Equal([$"lib/net10.0/{name}.pdb"], package.SymbolFiles);
        Assert.StartsWith($"# {name}\n", package.Readme.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((name, "Apache-2.0"), (package.Value("id"), package.Value("license")));
        Assert.NotEmpty(package.Value("description"));
    }

    private static void AssertIsRefused(Packing packing, string reason)
    {
        Assert.NotEqual(0, packing.ExitCode);
        Assert.Contains(reason, Assert.Single(packing.Output.Split('\n'), line => line.Contains("error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(packing.Folder, "*.nupkg"));
    }
}
