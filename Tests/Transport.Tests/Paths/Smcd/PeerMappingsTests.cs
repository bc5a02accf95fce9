using System.Globalization;
using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Tests.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd;

[SupportedOSPlatform("linux")]
public sealed class PeerMappingsTests
{
    private static readonly long Page = Environment.SystemPageSize;

    private readonly PeerMappings _mappings = new(most: 3, mostOfPeer: 2);

    [Fact]
    public void A_process_has_so_many_on_all_of_its_sockets_and_all_processes_have_so_many_together()
    {
        Assert.Equal(MemoryError.None, Map(process: 7, out SharedRegion? first));
        Assert.Equal(MemoryError.None, Map(process: 7, out SharedRegion? second));
        Assert.Equal(MemoryError.TooManyMappings, Map(process: 7, out _));
        Assert.Equal(MemoryError.None, Map(process: 8, out SharedRegion? third));
        Assert.Equal(MemoryError.MappingsExhausted, Map(process: 8, out _));
        Assert.Equal(3, _mappings.Count);

        first!.Dispose();
        first.Dispose();   // it is unmapped once
        Assert.Equal(2, _mappings.Count);
        Assert.Equal(MemoryError.None, Map(process: 8, out SharedRegion? fourth));
        foreach (SharedRegion? region in new[] { second, third, fourth }) region!.Dispose();
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void What_is_refused_for_another_reason_is_not_counted()
    {
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", Page, prefault: false, out FileDescriptor? descriptor));
        Assert.Equal(MemoryError.WrongSize, SharedRegion.TryOpen(descriptor!, 2 * Page, _mappings.Of(PeerSockets.Of(7)), out _));
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void A_control_region_that_is_made_for_a_peer_counts_as_one_that_it_offers()
    {
        IMappingCount peer = _mappings.Of(PeerSockets.Of(7));
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", Page, prefault: false, peer, out SharedRegion? region, out FileDescriptor? descriptor));
        descriptor!.Dispose();
        Assert.Equal(1, _mappings.Count);
        region!.Dispose();
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void What_cannot_be_made_is_counted_no_more_and_at_the_limit_nothing_is_made()
    {
        const long TooMuch = 1L << 62;   // more than any memory file can be
        IMappingCount peer = _mappings.Of(PeerSockets.Of(7));
        Assert.Equal(MemoryError.OutOfMemory, SharedRegion.TryCreate("test", TooMuch, false, peer, out _, out FileDescriptor? descriptor));
        Assert.Equal((0, null), (_mappings.Count, descriptor));
        Assert.Equal((MemoryError.None, MemoryError.None), (peer.TryAdd(), peer.TryAdd()));
        Assert.Equal(MemoryError.TooManyMappings, SharedRegion.TryCreate("test", TooMuch, false, peer, out _, out descriptor));
        Assert.Equal((2, null), (_mappings.Count, descriptor));
    }

    [Fact]
    public void A_mapping_that_the_kernel_refuses_is_counted_no_more()
    {
        IMappingCount peer = _mappings.Of(PeerSockets.Of(7));
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", Page, prefault: false, out FileDescriptor? descriptor));
        Assert.Equal(MemoryError.None, peer.TryAdd());
        using (descriptor) Assert.Null(MapHandle.TryMap(descriptor!, 1L << 62, peer, populate: false, out MemoryError error));
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void All_peers_have_half_of_what_the_kernel_gives_a_process_and_one_an_eighth()
    {
        int given = int.Parse(File.ReadAllText("/proc/sys/vm/max_map_count"), CultureInfo.InvariantCulture);
        Assert.Equal((given / 2, given / 8), (PeerMappings.OfThisProcess.Most, PeerMappings.OfThisProcess.MostOfPeer));
    }

    private MemoryError Map(int process, out SharedRegion? region)
    {
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", Page, prefault: false, out FileDescriptor? descriptor));
        return SharedRegion.TryOpen(descriptor!, Page, _mappings.Of(PeerSockets.Of(process)), out region);
    }
}
