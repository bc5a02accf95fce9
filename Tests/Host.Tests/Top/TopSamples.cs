using Smc.Host.Top;

namespace Smc.Host.Tests.Top;

/// <summary>Two looks, two seconds apart.</summary>
internal static class TopSamples
{
    public static DateTime At { get; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Local);

    public static TopProcess Before { get; } = new(4711, "0.1.0", "", Fallbacks: 14, Violations: 2,
    [
        new("c3", "SMCD", "127.0.0.1:40118", TimeSpan.FromSeconds(7_260), 1_000_000, 9_000_000_000, 10_000, 640, "peer"),
        new("c17", "TCP", "10.0.0.9:51122", TimeSpan.FromSeconds(252), 1_153_434, 10_276_045, 1, 0, ""),
        new("c19", "SMCD", "[2001:db8::17]:40310", TimeSpan.FromSeconds(33), 12, 0, 1, 1, "application"),
        new("c21", "SMCD", "127.0.0.1:40311", TimeSpan.FromSeconds(30), 5, 5, 5, 5, "bell"),
    ])
    {
        Door = "a1b2c3d4e5f60718293a4b5c6d7e8f90",
    };

    public static TopProcess Now { get; } = Before with
    {
        Fallbacks = 15,
        Connections =
        [
            new("c3", "SMCD", "127.0.0.1:40118", TimeSpan.FromSeconds(7_262), 1_000_200, 11_600_000_000, 24_690, 640, "window"),
            new("c17", "TCP", "10.0.0.9:51122", TimeSpan.FromSeconds(254), 1_153_434, 10_276_045, 1, 0, ""),
            new("c19", "SMCD", "[2001:db8::17]:40310", TimeSpan.FromSeconds(35), 2_060, 0, 3, 3, "application"),
            new("c22", "TCP", "127.0.0.1:40312", TimeSpan.FromSeconds(0.5), 1_024, 512, 2, 0, ""),
        ],
    };

    public static TopProcess Other { get; } = new(99, "0.1.0", "0x0a000007 SMC_DISABLED: smc.negotiation is never.", 1, 0,
        [new("c3", "TCP", "127.0.0.1:8080", TimeSpan.FromSeconds(90_000), 1, 1, 1, 0, "")])
    {
        Door = "0011223344556677889900aabbccddee",
    };

    public static TopRates Rates { get; } = TopRates.Between([Before], [Now], At);

    public static TopRates First { get; } = TopRates.Between(null, [Now], At);

    public static TopRates Both { get; } = TopRates.Between([Other, Before], [Other with { Connections = [Other.Connections[0] with { Age = TimeSpan.FromSeconds(90_002), Received = 3 }] }, Now], At);
}
