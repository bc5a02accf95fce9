using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>What the application's thread does in one direction of a connection.</summary>
public enum DirectionActivity : byte
{
    /// <summary>Nobody is inside: the application does something else.</summary>
    Outside,

    /// <summary>Somebody is inside and awake: copying, or looking for what the peer does.</summary>
    Awake,

    /// <summary>Somebody waits for the peer, asleep.</summary>
    Asleep,
}

/// <summary>One direction of a connection at one moment, as its own process knows it: nothing of it is read from shared memory.</summary>
/// <param name="Activity">What the application does.</param>
/// <param name="RingBytes">Bytes of the ring: the receiver's DMB less its CDC area.</param>
/// <param name="Pending">Reading: bytes that are known to have come and are not read. Writing: bytes that the peer is not known to have read.</param>
/// <param name="Producer">The position of the next byte to be written, as last looked at.</param>
/// <param name="Consumer">The position of the next byte to be read, as last looked at.</param>
/// <param name="Sleeps">Waits that ended in sleep.</param>
/// <param name="SpinWins">Waits that spinning ended.</param>
/// <param name="SpinLosses">Spins that ended in sleep.</param>
/// <param name="MissedBells">Sleepers whom the sweep found with work waiting.</param>
public readonly record struct DirectionSnapshot(
    DirectionActivity Activity,
    uint RingBytes,
    uint Pending,
    CdcCursor Producer,
    CdcCursor Consumer,
    long Sleeps,
    long SpinWins,
    long SpinLosses,
    long MissedBells)
{
    /// <summary>Writing: for how long it has been asleep while the peer read nothing; zero where nobody sleeps.</summary>
    public TimeSpan Held { get; init; }

    /// <summary>Bytes between two totals that another thread goes on moving: what was read of them may not belong together.</summary>
    internal static uint Between(long consumed, long produced, uint ringBytes) => (uint)Math.Clamp(produced - consumed, 0, ringBytes);
}

/// <summary>A connection on shared memory at one moment. Its fields are read one after another, while both ends go on.</summary>
/// <param name="Slot">In the control region of its link group.</param>
/// <param name="Reading">From the peer.</param>
/// <param name="Writing">To the peer.</param>
/// <param name="PeerIsBlocked">The peer says that it waits for room in this end's DMB.</param>
public sealed record PathSnapshot(int Slot, DirectionSnapshot Reading, DirectionSnapshot Writing, bool PeerIsBlocked)
{
    /// <summary>The flags that this end shows its peer.</summary>
    public FlagSnapshot Own { get; init; }

    /// <summary>The peer's flags, as last looked at.</summary>
    public FlagSnapshot Peer { get; init; }
}

/// <summary>Both flag bytes of one end of a connection.</summary>
/// <param name="Producer">Of its producer.</param>
/// <param name="State">Of the connection.</param>
public readonly record struct FlagSnapshot(ProducerFlags Producer, ConnectionStateFlags State)
{
    /// <summary>Both in hexadecimal, as the SMC tools print them.</summary>
    public override string ToString() => $"{(byte)Producer:x2}:{(byte)State:x2}";
}
