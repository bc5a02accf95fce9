using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Cdc;

namespace Actors.Tests.Inspection;

/// <summary>A runtime whose every value is fixed, and whose parts fit together.</summary>
internal static class Samples
{
    private const uint Ring = 65_504;

    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly SmcGid PeerGid = SmcGid.FromGuid(Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100"));

    private static readonly SmcStatistics OfC3 = new()
    {
        BytesWritten = 1_153_434,
        BytesRead = 9_876_543_210,
        Writes = 11_000,
        Reads = 98_000_000,
        PeerBufferFull = 2_750,
        WindowUpdates = 150_774,
        Sleeps = 812,
        SpinWins = 4_400,
        SpinLosses = 31,
        Bells = 640,
        ReadSizes = default(SizeHistogram).Plus(100, 97_999_000).Plus(60_000, 1_000),
        WriteSizes = default(SizeHistogram).Plus(100, 10_996).Plus(10_000, 2).Plus(20_000, 2),
    };

    private static readonly SmcStatistics OfC19 = new() { BytesWritten = 12, Writes = 1, WriteSizes = default(SizeHistogram).Plus(12, 1) };
    private static readonly SmcStatistics OfC17 = new()
    {
        BytesWritten = 1_153_434,
        BytesRead = 10_276_045,
        Writes = 1,
        Reads = 301,
        ReadSizes = default(SizeHistogram).Plus(32_768, 214).Plus(37_500, 86).Plus(600_000, 1),
        WriteSizes = default(SizeHistogram).Plus(1_153_434, 1),
    };

    private static readonly SmcStatistics OfC22 = new()
    {
        BytesWritten = 2_048,
        BytesRead = 1_434,
        Writes = 2,
        Reads = 2,
        ReadSizes = default(SizeHistogram).Plus(717, 2),
        WriteSizes = default(SizeHistogram).Plus(1_024, 2),
    };


    public static RuntimeReport Runtime { get; } = new(
        4711, "0.1.0", "directory", "/tmp/smc-1000", SmcGid.FromGuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), SmcReason.None,
        ["SMC-ACTORS-DEFAULT-UEID", "TEAM.A"], DmbsInUse: 4, MaxDmbs: 5000, BufferBytes: 65_536)
    {
        Framework = ".NET 10.0.0",
        OperatingSystem = "Debian GNU/Linux 13 (trixie)",
        MaxConnectionsPerGroup = 255,
        MaxGroupsPerPeer = 128,
        ClcBuffers = new(1_868) { InUse = 1, Idle = 21, Hits = 4_105, Refills = 3, Spills = 4, Allocations = 22 },
        DmbLimits = [new("smc.buffers.max-dmbs", 5000, 0), new("smc.buffers.max-dmbs-per-user", 5000, 0), new("smc.buffers.max-dmbs-per-peer", 11, 3)],
        Vectors = [new(0, "smc-cq-0", "smc.cq-dispatcher-0", 2), new(1, "smc-cq-1", "smc.cq-dispatcher-1", null)],
    };

    /// <summary>Of the group of c3, c19 and c9.</summary>
    private static BufferReport ServedBuffers { get; } = new(
        [
            new(16_384) { Slabs = 1, Dmbs = 64, InUse = 1, Peak = 1, CommittedBytes = 16_384, Rents = 1, Downgrades = 1 },
            new(65_536) { Slabs = 2, Dmbs = 128, InUse = 2, Peak = 11, Retired = 61, CommittedBytes = 720_896, Rents = 4_093, Reuses = 4_082, Trims = 5, LargestUse = 9_216 },
        ],
        Downgrades: 1,
        Refusals: 3)
    {
        PeerSizes = default(SizeHistogram).Plus(65_536, 4_093),
        PeerBytesInUse = 3 * 65_536,
    };

    private static BufferReport ClientBuffers { get; } = new([new(65_536) { Slabs = 1, Dmbs = 64, InUse = 1, Peak = 1, CommittedBytes = 65_536, Rents = 1 }], 0, 0);

    public static RuntimeSnapshot Snapshot { get; } = new(
        Now,
        Runtime,
        [
            new("c3", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40118", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(7_260), OfC3.BytesWritten, OfC3.BytesRead, "00000100")
            {
                Token = 0x0123_4567_89ab_cdef,
                Counters = OfC3,
                Path = new PathSnapshot(3, Reading(DirectionActivity.Asleep, 0), Writing(DirectionActivity.Asleep, Ring), PeerIsBlocked: false)
                {
                    Own = new FlagSnapshot(ProducerFlags.WriteBlocked, ConnectionStateFlags.None),
                },
            },
            new("c9", "PEERCLW1", "127.0.0.1:8080", "127.0.0.1:40122", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(600), 0, 0, "00000100")
            {
                IsClosing = true,
                Token = 0xfedc_ba98_7654_3210,
                Path = Idle,
            },
            new("c17", "ACTIVE", "10.0.0.4:8080", "10.0.0.9:51122", SmcMode.Tcp, SmcReason.PeerNoSmc, TimeSpan.FromSeconds(252), OfC17.BytesWritten, OfC17.BytesRead, "")
            {
                Decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.LookUp, ConnectionRole.Client, SmcReason.PeerNoSmc),
                Counters = OfC17,
            },
            new("c19", "PEERCLW1", "[::1]:8080", "[::1]:40310", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(33), OfC19.BytesWritten, 0, "00000100")
            {
                Token = 0x0011_2233_4455_6677,
                Counters = OfC19,
                Path = Idle with { Reading = Reading(DirectionActivity.Outside, Ring), Own = new FlagSnapshot(0, ConnectionStateFlags.PeerDoneWriting), PeerIsBlocked = true },
            },
            new("c22", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40310", SmcMode.Tcp, SmcReason.PeerDeclined, TimeSpan.FromSeconds(11), OfC22.BytesWritten, OfC22.BytesRead, "")
            {
                Decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.Accept, ConnectionRole.Client, SmcReason.PeerDeclined, SmcReason.MaxDmb),
                Counters = OfC22,
            },
            new("c23", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40312", SmcMode.Tcp, SmcReason.MaxDmb, TimeSpan.FromSeconds(2), 0, 0, "")
            {
                Decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.Proposal, ConnectionRole.Server, SmcReason.MaxDmb),
            },
        ])
    {
        Listeners =
        [
            new("l1", "0.0.0.0:8080", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(7_300), Accepted: 4_120, Waiting: 0, MostWaiting: 1024),
            new("l2", "[::1]:9090", SmcMode.Tcp, SmcReason.RegistryUnavailable, TimeSpan.FromSeconds(7_299), Accepted: 2, Waiting: 1, MostWaiting: 1024),
        ],
        LinkGroups =
        [
            new("00000100", IsServer: true, LinkGroupState.Active, TimeSpan.FromSeconds(7_261), new LinkGroupPeer(812, 1000, PeerGid))
            {
                Connections = 3,
                Quarantined = 1,
                Mutes = 7,
                PeerSlabs = 1,
                PeerSlabBytes = 4_194_304,
                ControlBytes = 266_240,
                Buffers = ServedBuffers,
            },
            new("00000100", IsServer: false, LinkGroupState.Draining, TimeSpan.FromSeconds(50), new LinkGroupPeer(0, 1000, SmcGid.FromGuid(Guid.Parse("812a0a0a-0000-0000-0000-000000000001"))))
            {
                Handshakes = 1,
                ControlBytes = 266_240,
                Buffers = ClientBuffers,
            },
        ],
        Totals = new CounterTotals(
            Now,
            new Dictionary<SmcMode, ModeTotals>
            {
                [SmcMode.SmcD] = new ModeTotals(4_090, 0, default).Plus(OfC3, 1).Plus(OfC19, 1).Plus(default, 0),
                [SmcMode.Tcp] = new ModeTotals(13, 0, default).Plus(OfC17, 1).Plus(OfC22, 1).Plus(default, 1),
            },
            new Dictionary<SmcReason, long> { [SmcReason.PeerNoSmc] = 12, [SmcReason.MaxDmb] = 3, [SmcReason.PeerDeclined] = 1, [SmcReason.SniffTimeout] = 0 },
            BufferReport.Sum([ServedBuffers, ClientBuffers])),
        Fallbacks =
        [
            new("127.0.0.1", ConnectionRole.Server, SmcReason.MaxDmb, SmcReason.None, Times(3, 4_000, 2)),
            new("127.0.0.1", ConnectionRole.Server, SmcReason.PeerDeclined, SmcReason.MaxDmb, Times(1, 11, 11)),
            new("10.0.0.9", ConnectionRole.Server, SmcReason.PeerNoSmc, SmcReason.None, Times(9, 7_200, 252)),
            new("[fd00::17]:5000", ConnectionRole.Client, SmcReason.PeerNoSmc, SmcReason.None, Times(1, 7_100, 7_100)),
        ],
        Violations =
        [
            new("ring", "ProducerBeyondWindow", "the connection was aborted", Times(2, 600, 60)),
            new("CLC", "BadLength", "the handshake was reset", Times(1_041, 7_200, 7_140)),
        ],
    };

    public static PathSnapshot Idle => new(9, Reading(DirectionActivity.Outside, 0), Writing(DirectionActivity.Outside, 0), PeerIsBlocked: false);

    /// <summary>An hour before <see cref="Snapshot"/>.</summary>
    public static CounterTotals Before { get; } = new(
        Now - TimeSpan.FromHours(1),
        new Dictionary<SmcMode, ModeTotals> { [SmcMode.SmcD] = new ModeTotals(4_000, 1, OfC19) },
        new Dictionary<SmcReason, long> { [SmcReason.PeerNoSmc] = 11 },
        BufferReport.None);

    public static DirectionSnapshot Reading(DirectionActivity activity, uint pending) =>
        new(activity, Ring, pending, new CdcCursor(1, 100 + pending), new CdcCursor(1, 100), Sleeps: 800, SpinWins: 4_000, SpinLosses: 30, MissedBells: 0);

    public static DirectionSnapshot Writing(DirectionActivity activity, uint pending) =>
        new(activity, Ring, pending, new CdcCursor(7, 4_096), new CdcCursor((ushort)(pending == Ring ? 6 : 7), 4_096), Sleeps: 12, SpinWins: 400, SpinLosses: 1, MissedBells: 0);

    private static Counted Times(long count, int firstSecondsAgo, int lastSecondsAgo) =>
        new(count, Now - TimeSpan.FromSeconds(firstSecondsAgo), Now - TimeSpan.FromSeconds(lastSecondsAgo));
}
