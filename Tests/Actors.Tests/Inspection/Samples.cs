using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Cdc;

namespace Actors.Tests.Inspection;

/// <summary>A runtime whose every value is fixed.</summary>
internal static class Samples
{
    private const uint Ring = 65_504;

    public static RuntimeReport Runtime { get; } = new(
        4711, "0.1.0", "directory", "/tmp/smc-1000", SmcGid.FromGuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), SmcReason.None,
        ["SMC-ACTORS-DEFAULT-UEID"], DmbsInUse: 58, MaxDmbs: 5000, BufferBytes: 65_536);

    public static RuntimeSnapshot Snapshot { get; } = new(
        new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Runtime,
        [
            new("c3", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40118", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(7_260), 1_153_434, 9_876_543_210, "00000100")
            {
                Counters = new SmcStatistics
                {
                    BytesWritten = 1_153_434, BytesRead = 9_876_543_210, Writes = 11_000, Reads = 98_000_000, PeerBufferFull = 2_750, WindowUpdates = 150_774, Sleeps = 812,
                    SpinWins = 4_400, SpinLosses = 31, Bells = 640,
                },
                Path = new PathSnapshot(3, Reading(DirectionActivity.Asleep, 0), Writing(DirectionActivity.Asleep, Ring), PeerIsBlocked: false),
            },
            new("c17", "ACTIVE", "10.0.0.4:8080", "10.0.0.9:51122", SmcMode.Tcp, SmcReason.PeerNoSmc, TimeSpan.FromSeconds(252), 1_153_434, 10_276_045, "")
            {
                Decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.LookUp, ConnectionRole.Client, SmcReason.PeerNoSmc),
                Counters = new SmcStatistics { BytesWritten = 1_153_434, BytesRead = 10_276_045, Writes = 1, Reads = 301 },
            },
            new("c19", "PEERCLW1", "[::1]:8080", "[::1]:40310", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(33), 12, 0, "00000100")
            {
                Counters = new SmcStatistics { BytesWritten = 12, Writes = 1 },
                Path = Idle,
            },
            new("c22", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40310", SmcMode.Tcp, SmcReason.PeerDeclined, TimeSpan.FromSeconds(11), 2_048, 1_434, "")
            {
                Decision = new HandshakeDecision(ConnectionRole.Server, HandshakeStep.Accept, ConnectionRole.Client, SmcReason.PeerDeclined, SmcReason.MaxDmb),
                Counters = new SmcStatistics { BytesWritten = 2_048, BytesRead = 1_434, Writes = 2, Reads = 2 },
            },
        ],
        new Dictionary<SmcReason, long> { [SmcReason.PeerNoSmc] = 12, [SmcReason.MaxDmb] = 3, [SmcReason.SniffTimeout] = 0 },
        new Dictionary<RingViolation, long> { [RingViolation.ProducerBeyondWindow] = 2 },
        new Dictionary<WireError, long> { [WireError.BadLength] = 1_041, [WireError.BadTrailer] = 0 });

    public static PathSnapshot Idle { get; } = new(9, Reading(DirectionActivity.Outside, 0), Writing(DirectionActivity.Outside, 0), PeerIsBlocked: false);

    public static DirectionSnapshot Reading(DirectionActivity activity, uint pending) =>
        new(activity, Ring, pending, new CdcCursor(1, 100 + pending), new CdcCursor(1, 100), Sleeps: 800, SpinWins: 4_000, SpinLosses: 30, MissedBells: 0);

    public static DirectionSnapshot Writing(DirectionActivity activity, uint pending) =>
        new(activity, Ring, pending, new CdcCursor(7, 4_096), new CdcCursor((ushort)(pending == Ring ? 6 : 7), 4_096), Sleeps: 12, SpinWins: 400, SpinLosses: 1, MissedBells: 0);
}
