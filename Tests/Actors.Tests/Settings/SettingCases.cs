using static Actors.Tests.Settings.SettingCase;

namespace Actors.Tests.Settings;

/// <summary>Every key. One that is missing here, or has gone, fails <see cref="SettingsTests.Every_key_of_the_reference_is_tested"/>.</summary>
public static class SettingCases
{
    public static IReadOnlyList<SettingCase> All { get; } =
    [
        Choice("negotiation", "Negotiation", "never", "directory", "always", "never"),
        Duration("shutdown-timeout", "ShutdownTimeout"),
        Text("rendezvous.folder", "Rendezvous.Folder", "a path or empty", "/tmp/elsewhere", ["\"\"", "here", "../there", "\"/tmp/with blanks\""], new BadValue("\"a\\u0000b\"", "a\0b")),
        List(
            "directory.peers", "Directory.Peers", "addresses, address/prefix or address:port", "[\"10.0.0.7\"]",
            ["[]", "[\"10.0.0.0/24\", \"fd00::7\"]", "[\"10.0.0.7:1\", \"[fd00::7]:65535\"]"],
            ["", "everybody", "10.0.0", "10.0.0.0/33", "10.0.0.1/24", "10.0.0.7:0", "10.0.0.7:65536", "fd00::/129"]),
        Duration("directory.plain-hold", "Directory.PlainHold"),
        Duration("handshake.match-timeout", "Handshake.MatchTimeout"),
        Duration("handshake.clc-timeout", "Handshake.ClcTimeout"),
        Duration("handshake.sniff-timeout", "Handshake.SniffTimeout"),
        List(
            "handshake.ueids", "Handshake.Ueids", "1 to 32 characters A-Z 0-9 . -, the first a letter or digit", "[OTHER, \"SMC-ACTORS-DEFAULT-UEID\"]",
            ["[A]", "[A, B, C, D, E, F, G, H]", $"[{new string('A', 32)}]"],
            ["", "lower case", "-MINUS-FIRST", "DOT..DOT", new string('A', 33)],
            new BadValue("[]", "0 entries", "1 to 8 entries"), new BadValue("[A, B, C, D, E, F, G, H, I]", "9 entries", "1 to 8 entries")),
        Duration("fallback.warn-interval", "Fallback.WarnInterval"),
        Size("buffers.size", "Buffers.Size", "16 KiB to 1 MiB", "128KiB", 16 * 1024, 1024 * 1024),
        Choice("buffers.memory", "Buffers.Prefault", "prefaulted", "plain", "prefaulted"),
        DurationOrNone("buffers.trim-after", "Buffers.TrimAfter"),
        Number("buffers.max-dmbs", "Buffers.MaxDmbs", 1, 1024 * 1024),
        Number("buffers.max-dmbs-per-user", "Buffers.MaxDmbsPerUser", 1, 1024 * 1024),
        Number("buffers.max-dmbs-per-peer", "Buffers.MaxDmbsPerPeer", 1, 1024 * 1024),
        Number("link-group.max-connections", "LinkGroup.MaxConnections", 16, 255),
        Number("link-group.max-per-peer", "LinkGroup.MaxPerPeer", 1, 128),
        Duration("link-group.idle-delay", "LinkGroup.IdleDelay"),
        Switch("wait.spin", "Wait.LongestSpinMicroseconds", "off"),
        Number("wait.longest-spin-microseconds", "Wait.LongestSpinMicroseconds", 1, 1000),
        Switch("wait.inline-completions", "Wait.InlineCompletions", "on"),
        Number("listener.backlog", "Listener.Backlog", 1, 65535),
        Number("listener.accept-queue", "Listener.AcceptQueue", 1, 1024 * 1024),
        Switch("inspection.allow-mutations", "Inspection.AllowMutations", "on"),
        Text(
            "cq.vectors", "CompletionVectors.Vectors", "auto or 1 to 1024", "1024", ["auto", "1", "1024"],
            "0", "1025", "-1", "99999999999", "many", "AUTO", "1.5", "\"\""),
        Switch("cq.pin", "CompletionVectors.Pin", "off"),
        Number("cq.budget", "CompletionVectors.Budget", 1, 65536),
        Number("cq.mailboxes", "CompletionVectors.Mailboxes", 1, 65536),
        Number("cq.throughput", "CompletionVectors.Throughput", 1, 65536),
        Number("cq.looks", "CompletionVectors.Looks", 0, 100_000),
    ];
}
