using System.Net;
using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

/// <summary>Names that stand in the rendezvous folder before their owner comes: nothing is opened, read or written through them.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlantedNamesTests : IDisposable
{
    private const ulong Here = 1;
    private const string Untouched = "smc-registry 1\nlisten 192.0.2.1:80\n";

    private static readonly IPEndPoint Listener = IPEndPoint.Parse("127.0.0.1:80");
    private static readonly IPEndPoint Planted = IPEndPoint.Parse("192.0.2.1:80");

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly SmcGid _gid = SmcGid.NewRandom();

    public PlantedNamesTests() => File.WriteAllText(_elsewhere["target"], Untouched);

    public static TheoryData<string> Ways => ["hard link", "symbolic link", "dangling link"];

    [Fact]
    public void A_file_that_has_another_name_is_neither_read_nor_locked()
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_folder.Path, out _)!;
        HardLink.Make(_elsewhere["target"], _folder["file"]);
        Assert.Equal((0, null), (folder.TryRead("file", Untouched.Length, out string? text), text));
        Assert.Null(folder.TryLock("file", create: false));
    }

    [Fact]
    public void An_entry_that_is_a_second_name_of_a_file_is_none()
    {
        HardLink.Make(_elsewhere["target"], _folder[Guid.NewGuid().ToString("N") + RegistryFiles.Entry]);
        using HostRegistry client = Open(SmcGid.NewRandom())!;
        Assert.Empty(client.Find(Planted));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_entry_is_not_written_through_what_stands_at_its_name(string way)
    {
        using HostRegistry server = Open(_gid)!;
        Plant(way, RegistryFiles.Entry + RegistryFiles.Unfinished);
        server.Publish([Listener]);
        AssertUntouched();
        using HostRegistry client = Open(SmcGid.NewRandom())!;
        Assert.Equal(_gid, Assert.Single(client.Find(Listener)).Gid);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Who_finds_a_link_at_the_name_of_its_lock_takes_no_place_and_says_so(string way)
    {
        Plant(way, RegistryFiles.Lock);
        Assert.Null(Open(_gid, out string problem));
        Assert.Contains("no lock file can be created", problem, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("hard link")]
    [InlineData("symbolic link")]
    [InlineData("dangling link")]
    public void Who_finds_something_at_the_name_of_its_socket_takes_no_place_and_says_so(string way)
    {
        Plant(way, RegistryFiles.Socket);
        Assert.Null(HostRendezvous.TryStart(_folder.Path, _gid, observer: null!, ownThread: false, out string problem));   // nobody comes to be heard
        Assert.Contains($"no control socket (errno {Errno.AddressInUse})", problem, StringComparison.Ordinal);
        AssertUntouched();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    private HostRegistry? Open(SmcGid gid) => Open(gid, out _);

    private HostRegistry? Open(SmcGid gid, out string problem) => HostRegistry.TryOpen(_folder.Path, gid, Here, out problem);

    private void Plant(string way, string ending)
    {
        string name = _folder[_gid.ToGuid().ToString("N") + ending];
        switch (way)
        {
            case "file": File.WriteAllText(name, string.Empty); break;
            case "hard link": HardLink.Make(_elsewhere["target"], name); break;
            case "symbolic link": File.CreateSymbolicLink(name, _elsewhere["target"]); break;
            default: File.CreateSymbolicLink(name, _elsewhere["nothing"]); break;
        }
    }

    private void AssertUntouched()
    {
        Assert.Equal(Untouched, File.ReadAllText(_elsewhere["target"]));
        Assert.Equal(["target"], Directory.GetFileSystemEntries(_elsewhere.Path).Select(Path.GetFileName));
    }
}
