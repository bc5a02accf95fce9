using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

[SupportedOSPlatform("linux")]
public sealed class OwnedFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _parent = new();

    [Fact]
    public void A_missing_folder_is_made_for_its_owner_alone()
    {
        using OwnedFolder? folder = OwnedFolder.TryOpen(_parent["new/deep"], out string problem);
        Assert.NotNull(folder);
        Assert.Empty(problem);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_parent["new/deep"]));
    }

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead)]
    [InlineData(OwnerOnly | UnixFileMode.OtherExecute)]
    [InlineData(OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void A_folder_that_others_may_enter_is_refused(UnixFileMode mode)
    {
        Directory.CreateDirectory(_parent["open"]);
        File.SetUnixFileMode(_parent["open"], mode);
        Assert.Null(OwnedFolder.TryOpen(_parent["open"], out string problem));
        Assert.Contains("mode", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_folder_is_refused()
    {
        Directory.CreateDirectory(_parent["real"], OwnerOnly);
        Directory.CreateSymbolicLink(_parent["link"], _parent["real"]);
        Assert.Null(OwnedFolder.TryOpen(_parent["link"], out string problem));
        Assert.Contains("link", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        File.WriteAllText(_parent["file"], string.Empty);
        Assert.Null(OwnedFolder.TryOpen(_parent["file"], out string problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Only_a_file_of_the_folder_itself_is_read()
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_parent["own"], out _)!;
        File.WriteAllText(_parent["elsewhere"], "text");
        File.CreateSymbolicLink(_parent["own/link"], _parent["elsewhere"]);
        Directory.CreateDirectory(_parent["own/folder"]);
        File.WriteAllText(_parent["own/file"], "text");
        Assert.Equal((0, "text"), Read("file", 4));
        Assert.Equal((0, null), Read("file", 3));
        Assert.Equal((0, null), Read("link", 4));
        Assert.Equal((0, null), Read("folder", 1 << 20));
        Assert.Equal((0, null), Read("missing", 4));

        (int Errno, string? Text) Read(string name, int maxBytes) => (folder.TryRead(name, maxBytes, out string? text), text);
    }

    [Fact]
    public void Another_users_folder_is_refused()
    {
        if (CurrentUser.Id == 0)
        {
            Assert.NotNull(OwnedFolder.TryOpen(_parent["mine"], out _));   // root owns what it makes, and has no other user's folder at hand
            return;
        }

        Assert.Null(OwnedFolder.TryOpen("/root", out string problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_lock_is_taken_once_and_free_when_its_holder_has_gone()
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_parent["locks"], out _)!;
        FileDescriptor? held = folder.TryLock("a.lock", create: true);
        Assert.NotNull(held);
        Assert.Null(folder.TryLock("a.lock", create: true));
        Assert.Null(folder.TryLock("a.lock", create: false));
        Assert.Null(folder.TryLock("missing.lock", create: false));
        held.Dispose();
        using FileDescriptor? again = folder.TryLock("a.lock", create: false);
        Assert.NotNull(again);
    }

    [Fact]
    public void A_lock_file_that_is_a_link_is_not_followed()
    {
        using OwnedFolder folder = OwnedFolder.TryOpen(_parent["locks"], out _)!;
        File.WriteAllText(_parent["target"], "untouched");
        File.CreateSymbolicLink(_parent["locks/a.lock"], _parent["target"]);
        Assert.Null(folder.TryLock("a.lock", create: false));
        Assert.Null(folder.TryLock("a.lock", create: true));
    }

    public void Dispose() => _parent.Dispose();
}
