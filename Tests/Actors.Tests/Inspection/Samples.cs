using Smc.Actors.Inspection;
using Smc.Transport;
using Smc.Transport.Wire;

namespace Actors.Tests.Inspection;

/// <summary>A runtime whose every value is fixed.</summary>
internal static class Samples
{
    public static RuntimeReport Runtime { get; } = new(
        4711, "0.1.0", "directory", "/tmp/smc-1000", SmcGid.FromGuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), SmcReason.None,
        ["SMC-ACTORS-DEFAULT-UEID"], DmbsInUse: 58, MaxDmbs: 5000, BufferBytes: 65_536);

    public static RuntimeSnapshot Snapshot { get; } = new(
        new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Runtime,
        [
            new("c3", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40118", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(7_260), 1_153_434, 9_876_543_210, "00000100"),
            new("c17", "ACTIVE", "10.0.0.4:8080", "10.0.0.9:51122", SmcMode.Tcp, SmcReason.PeerNoSmc, TimeSpan.FromSeconds(252), 1_153_434, 10_276_045, ""),
            new("c19", "PEERCLW1", "[::1]:8080", "[::1]:40310", SmcMode.SmcD, SmcReason.None, TimeSpan.FromSeconds(33), 12, 0, "00000100"),
            new("c22", "ACTIVE", "127.0.0.1:8080", "127.0.0.1:40310", SmcMode.Tcp, SmcReason.MaxDmb, TimeSpan.FromSeconds(11), 2_048, 1_434, ""),
        ],
        new Dictionary<SmcReason, long> { [SmcReason.PeerNoSmc] = 12, [SmcReason.MaxDmb] = 3, [SmcReason.SniffTimeout] = 0 });
}
