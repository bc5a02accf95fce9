namespace Embedded.Tests.EmbeddedOnly;

/// <summary>Small enough to be read in a day.</summary>
public sealed class SizeTests
{
    private const int AllLines = 8_000;
    private const int LinesOfAFile = 300;

    [Fact]
    public void The_stand_ins_have_fewer_than_8000_lines_in_all_and_300_a_file()
    {
        (string Path, int Lines)[] files = [.. Sources().Select(file => (file, File.ReadLines(file).Count()))];
        Assert.True(files.Length > 50, $"only {files.Length} files were found");
        Assert.InRange(files.Sum(file => file.Lines), 1, AllLines - 1);
        Assert.DoesNotContain(files, file => file.Lines > LinesOfAFile);
    }

    private static IEnumerable<string> Sources()
    {
        string folder = Path.Combine(Root(), "Embedded");
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
