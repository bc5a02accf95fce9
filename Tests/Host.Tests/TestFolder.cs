namespace Smc.Host.Tests;

/// <summary>A folder of one test, gone with it.</summary>
public abstract class TestFolder : IDisposable
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("smc-host-tests-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(string name) => Path.Combine(Folder, name);

    protected string[] Names() => [.. Directory.GetFileSystemEntries(Folder).Select(p => Path.GetFileName(p)!).Order()];
}
