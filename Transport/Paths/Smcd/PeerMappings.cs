using System.Globalization;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// Mappings of the memory that this process shares with peers and that is there at their word: slabs, theirs and those made for them, and the control
/// regions of link groups.
/// The kernel gives a process so many mappings in all (<c>vm.max_map_count</c>), and one that has them all dies of the next that its runtime needs:
/// peers together get a part of them, and each process a part of that. Thread-safe.
/// </summary>
/// <param name="most">Mappings for all peers.</param>
/// <param name="mostOfPeer">Mappings for one of them.</param>
public sealed class PeerMappings(int most, int mostOfPeer)
{
    private const int PartOfAll = 2;
    private const int PartOfPeer = 8;

    /// <summary>As many as the kernel gives unless it is told otherwise.</summary>
    private const int UsualMost = 65_530;

    private readonly Dictionary<PeerIdentity, int> _ofPeer = [];   // under its own lock, with the sum
    private int _all;

    /// <summary>Those of this process, whichever of its runtimes maps: half of what the kernel gives a process, and an eighth for one peer.</summary>
    public static PeerMappings OfThisProcess { get; } = PartsOf(ReadMost());

    /// <summary>Mappings for all peers.</summary>
    public int Most => most;

    /// <summary>Mappings for one peer.</summary>
    public int MostOfPeer => mostOfPeer;

    /// <summary>What there is now.</summary>
    public int Count
    {
        get
        {
            lock (_ofPeer) return _all;
        }
    }

    /// <summary>What is mapped for one peer is counted here.</summary>
    public IMappingCount Of(PeerSession peer) => new Share(this, peer.Identity);

    private MemoryError TryAdd(PeerIdentity peer)
    {
        lock (_ofPeer)
        {
            int own = _ofPeer.GetValueOrDefault(peer);
            if (own >= mostOfPeer) return MemoryError.TooManyMappings;
            if (_all >= most) return MemoryError.MappingsExhausted;
            _ofPeer[peer] = own + 1;
            _all++;
            return MemoryError.None;
        }
    }

    private void Remove(PeerIdentity peer)
    {
        lock (_ofPeer)
        {
            _all--;
            int own = _ofPeer[peer] - 1;
            if (own > 0) _ofPeer[peer] = own;
            else _ofPeer.Remove(peer);
        }
    }

    private static PeerMappings PartsOf(int given) => new(given / PartOfAll, given / PartOfPeer);

    private static int ReadMost()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/vm/max_map_count"), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return UsualMost;
        }
    }

    private sealed class Share(PeerMappings all, PeerIdentity peer) : IMappingCount
    {
        public MemoryError TryAdd() => all.TryAdd(peer);

        public void Remove() => all.Remove(peer);
    }
}
