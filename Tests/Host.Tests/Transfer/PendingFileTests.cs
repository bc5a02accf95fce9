using Smc.Host.Transfer;

namespace Smc.Host.Tests.Transfer;

public sealed class PendingFileTests : TestFolder
{
    [Fact]
    public void Nothing_has_the_final_name_before_the_commit()
    {
        using PendingFile file = PendingFile.Create(At("out"));
        file.Stream.Write("half"u8);
        file.Stream.Flush();
        Assert.False(File.Exists(At("out")));
        Assert.Equal(4, new FileInfo(At(Assert.Single(Names()))).Length);
    }

    [Fact]
    public void The_commit_gives_the_name_and_leaves_nothing_else()
    {
        using (PendingFile file = PendingFile.Create(At("out")))
        {
            file.Stream.Write("whole"u8);
            file.Commit();
        }
        Assert.Equal(["out"], Names());
        Assert.Equal("whole", File.ReadAllText(At("out")));
    }

    [Fact]
    public void Without_a_commit_the_earlier_file_stays_as_it_was()
    {
        File.WriteAllText(At("out"), "earlier");
        using (PendingFile file = PendingFile.Create(At("out"))) file.Stream.Write("half"u8);
        Assert.Equal(["out"], Names());
        Assert.Equal("earlier", File.ReadAllText(At("out")));
    }

    [Fact]
    public void The_commit_replaces_the_earlier_file()
    {
        File.WriteAllText(At("out"), "earlier");
        using PendingFile file = PendingFile.Create(At("out"));
        file.Stream.Write("new"u8);
        file.Commit();
        Assert.Equal("new", File.ReadAllText(At("out")));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named() =>
        Assert.Contains(At("missing"), Assert.Throws<DirectoryNotFoundException>(() => PendingFile.Create(At("missing/out"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_no_file() => Assert.Throws<IOException>(() => PendingFile.Create(Folder));
}
