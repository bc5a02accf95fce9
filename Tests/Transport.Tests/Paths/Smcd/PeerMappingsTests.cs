using System.Globalization;
using System.Runtime.Versioning;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Paths.Smcd.Rendezvous;

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
        Assert.Equal(MemoryError.WrongSize, SharedRegion.TryOpen(descriptor!, 2 * Page, out _, _mappings.Of(SocketOf(7))));
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void A_control_region_that_is_made_for_a_peer_counts_as_one_that_it_offers()
    {
        Assert.Equal(MemoryError.None, SharedRegion.TryCreate("test", Page, false, out SharedRegion? region, out FileDescriptor? descriptor, _mappings.Of(SocketOf(7))));
        descriptor!.Dispose();
        Assert.Equal(1, _mappings.Count);
        region!.Dispose();
        Assert.Equal(0, _mappings.Count);
    }

    [Fact]
    public void All_peers_have_half_of_what_the_kernel_gives_a_process_and_one_an_eighth()
    {
        int given = int.Parse(File.ReadAllText("/proc/sys/vm/max_map_count"), CultureInfo.InvariantCulture);
        Assert.Equal((given / 2, given / 8), (PeerMappings.OfThisProcess.Most, PeerMappings.OfThisProcess.MostOfPeer));
    }

    private static PeerSession SocketOf(int process)
    {
        var session = new PeerSession();
        session.Recognize(new PeerCredentials(process, 1000, 1000), start: 1);
        return session;
    }

    private MemoryError Map(int process, out SharedRegion? region)
    {
        Assert.Equal(MemoryError.None, SealedMemory.TryCreate("test", Page, prefault: false, out FileDescriptor? descriptor));
        return SharedRegion.TryOpen(descriptor!, Page, out region, _mappings.Of(SocketOf(process)));
    }
}
