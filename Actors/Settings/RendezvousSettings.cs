using Akka.Configuration;
using Smc.Transport.Interop.Linux;

namespace Smc.Actors.Settings;

/// <summary>Where the processes of one user on one host find each other.</summary>
/// <param name="Folder">The full path of the folder.</param>
public sealed record RendezvousSettings(string Folder)
{
    internal static RendezvousSettings From(Config smc) =>
        new(new SectionReader(smc, "rendezvous").Text("folder", "a path or empty", FolderOf));

    private static string FolderOf(string configured) =>
        configured.Length == 0 ? Path.Combine(Path.GetTempPath(), $"smc-{CurrentUser.Id}") : Path.GetFullPath(configured);
}
