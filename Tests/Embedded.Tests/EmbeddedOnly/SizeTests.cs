namespace Embedded.Tests.EmbeddedOnly;

/// <summary>Small enough to be read in a day.</summary>
public sealed class SizeTests
{
    private const int LinesOfAFile = 300;
    private const string OfPbm = "Petabridge.Cmd";

    [Theory]
    [InlineData(7_400, "Akka", "Akka.Logger.Serilog", "Akka.TestKit", "Akka.TestKit.Xunit2")]
    [InlineData(700, OfPbm)]
    public void A_stand_in_has_fewer_lines_than_its_readme_says_and_at_most_300_a_file(int limit, params string[] assemblies)
    {
        int all = 0;
        foreach (string assembly in assemblies)
        {
            (string Path, int Lines)[] files = [.. Sources(assembly).Select(file => (file, File.ReadLines(file).Count()))];
            Assert.NotEmpty(files);
            Assert.DoesNotContain(files, file => file.Lines > LinesOfAFile);
            all += files.Sum(file => file.Lines);
        }
        Assert.InRange(all, 1, limit - 1);
        Assert.Contains($"under {limit:N0} lines", File.ReadAllText(Path.Combine(Root(), "Embedded", "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_no_other()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(Root(), "Embedded")).Select(folder => Path.GetFileName(folder));
        Assert.Equal(["Akka", "Akka.Logger.Serilog", "Akka.TestKit", "Akka.TestKit.Xunit2", OfPbm], folders.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources(string assembly)
    {
        string folder = Path.Combine(Root(), "Embedded", assembly);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".conf")
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Smc.Actors.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException("Not inside the repository.");
    }
}
