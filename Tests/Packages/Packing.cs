using System.Diagnostics;

namespace Smc.Packages.Tests;

/// <summary>One run of <c>dotnet pack</c>, built anew in a temporary folder.</summary>
/// <param name="ExitCode">0 where a package was made.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Folder">Where the packages are.</param>
internal sealed record Packing(int ExitCode, string Output, string Folder) : IDisposable
{
    private const int LongestMinutes = 10;

    /// <summary>Packs a project of the repository.</summary>
    /// <param name="project">Its folder.</param>
    /// <param name="options">More options of <c>dotnet pack</c>.</param>
    public static async Task<Packing> RunAsync(string project, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("smc-packages-").FullName;
        string[] isolated = ["--artifacts-path", Path.Combine(folder, "artifacts"), "--output", folder, "-nodeReuse:false"];
        var start = new ProcessStartInfo("dotnet", ["pack", project, "--configuration", "Release", "-v", "quiet", "-nologo", .. isolated, .. options])
        {
            WorkingDirectory = RepositoryFolder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own choice of MSBuild is not this process's.
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(LongestMinutes));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet pack {project} took more than {LongestMinutes} minutes");
        }

        return new Packing(process.ExitCode, await output + await errors, folder);
    }

    /// <summary>Opens the package that was made.</summary>
    public Package Open()
    {
        Assert.True(ExitCode == 0, Output);
        return new Package(Assert.Single(Directory.GetFiles(Folder, "*.nupkg")), Assert.Single(Directory.GetFiles(Folder, "*.snupkg")));
    }

    /// <summary>All projects of the repository, below its folder, in order.</summary>
    public static IEnumerable<string> Projects() => Directory.EnumerateFiles(RepositoryFolder(), "*.csproj", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(RepositoryFolder(), file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>What is in a file of the repository.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryFolder(), file));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string RepositoryFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Smc.Actors.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Not inside the repository.");
    }
}
