using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

namespace Smc.Transport.Tests.Memory;

public sealed unsafe class SharedRegionTests
{
    private const int Page = 4096;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_one_mapping_writes_the_other_reads(bool prefault)
    {
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", 3 * Page, prefault, null, out SharedRegion? created, out FileDescriptor? descriptor));
        Assert.Equal(MemoryError.None, SharedRegion.TryOpen(descriptor!, 3 * Page, mappings: null, out SharedRegion? opened));
        using (created)
        using (opened)
        {
            Assert.True(descriptor!.IsClosed);
            Assert.Equal(3 * Page, opened!.Length);
            Assert.NotEqual((nint)created!.Base, (nint)opened.Base);
            Assert.False(new ReadOnlySpan<byte>(opened.Base, 3 * Page).ContainsAnyExcept((byte)0));
            created.At((2 * Page) + 7, 1)[0] = 42;
            Assert.Equal(42, opened.Base[(2 * Page) + 7]);
        }
    }

    [Fact]
    public void The_size_is_rounded_up_to_whole_pages()
    {
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", Page + 1, prefault: false, null, out SharedRegion? region, out FileDescriptor? descriptor));
        using (region)
        using (descriptor) Assert.Equal(2 * Page, region!.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Page)]
    [InlineData(3 * Page)]
    public void Nobody_can_change_the_size_of_a_sealed_region(long length)
    {
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", 2 * Page, prefault: false, null, out SharedRegion? region, out FileDescriptor? descriptor));
        using (region)
        using (descriptor)
        {
            Assert.Equal(-1, Libc.FTruncate(descriptor!.Value, length));
            Assert.Equal(Errno.NotPermitted, Marshal.GetLastPInvokeError());
            Assert.Equal(-1, Libc.Fcntl(descriptor.Value, Libc.FcntlAddSeals, 8));   // not even the seals change any more
            Assert.Equal(Errno.NotPermitted, Marshal.GetLastPInvokeError());
        }
    }

    [Theory]
    [InlineData(0, MemoryError.NotSealed)]
    [InlineData(Libc.SealShrink, MemoryError.NotSealed)]
    [InlineData(Libc.SealShrink | Libc.SealGrow, MemoryError.NotSealed)]
    [InlineData(Libc.SealShrink | Libc.SealSeal, MemoryError.NotSealed)]
    [InlineData(Libc.SealGrow | Libc.SealSeal, MemoryError.NotSealed)]
    [InlineData(Libc.SealShrink | Libc.SealGrow | Libc.SealSeal, MemoryError.None)]
    [InlineData(Libc.SealShrink | Libc.SealGrow | Libc.SealSeal | Libc.SealWrite, MemoryError.NotPlainMemory)]
    [InlineData(Libc.SealShrink | Libc.SealGrow | Libc.SealSeal | Libc.SealFutureWrite, MemoryError.NotPlainMemory)]
    public void A_file_without_all_three_seals_is_refused_before_it_is_mapped(int seals, MemoryError expected)
    {
        var descriptor = new FileDescriptor(Libc.MemfdCreate("test", Libc.MemfdCloseOnExec | Libc.MemfdAllowSealing));
        Assert.Equal(0, Libc.FTruncate(descriptor.Value, Page));
        Assert.Equal(0, Libc.Fcntl(descriptor.Value, Libc.FcntlAddSeals, seals));
        Assert.Equal(expected, SealedMemory.Verify(descriptor, Page));
        if (expected == MemoryError.None)
        {
            descriptor.Dispose();
            return;
        }

        Assert.Equal(expected, SharedRegion.TryOpen(descriptor, Page, mappings: null, out SharedRegion? region));
        Assert.Null(region);
        Assert.True(descriptor.IsClosed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-Page)]
    [InlineData(Page)]
    [InlineData((2 * Page) - 1)]
    [InlineData(3 * Page)]
    [InlineData(long.MaxValue)]
    public void A_size_other_than_the_announced_one_is_refused(long announced)
    {
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", 2 * Page, prefault: false, null, out SharedRegion? created, out FileDescriptor? descriptor));
        using (created)
        {
            Assert.Equal(MemoryError.WrongSize, SharedRegion.TryOpen(descriptor!, announced, mappings: null, out SharedRegion? region));
            Assert.Null(region);
            Assert.True(descriptor!.IsClosed);
        }
    }

    [Fact]
    public void A_file_of_another_file_system_is_refused() =>
        Refused(new FileDescriptor(Libc.Open("/proc/self/status", Libc.OpenCloseOnExec, 0)), MemoryError.NotPlainMemory);

    [Fact]
    public void A_socket_is_refused() =>
        Refused(new FileDescriptor(Libc.Socket(Libc.FamilyUnix, Libc.SocketSeqPacket | Libc.SocketCloseOnExec, 0)), MemoryError.NotPlainMemory);

    [Fact]
    public void A_file_with_a_name_is_refused_because_it_is_not_sealed_even_on_tmpfs()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[Page]);
            var descriptor = new FileDescriptor(Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0));
            MemoryError error = SharedRegion.TryOpen(descriptor, Page, mappings: null, out SharedRegion? region);
            Assert.Contains(error, new[] { MemoryError.NotPlainMemory, MemoryError.NotSealed });   // by the file system that is there
            Assert.Null(region);
            Assert.True(descriptor.IsClosed);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Refused(FileDescriptor descriptor, MemoryError expected)
    {
        Assert.False(descriptor.IsInvalid);
        Assert.Equal(expected, SharedRegion.TryOpen(descriptor, Page, mappings: null, out SharedRegion? region));
        Assert.Null(region);
        Assert.True(descriptor.IsClosed);
    }
}
