using Akka.Configuration;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Settings;

/// <summary>Whom a process offers shared memory to.</summary>
public enum Negotiation
{
    /// <summary>Processes that have published the endpoint in the host registry, and the peers that the directory lists.</summary>
    Directory,

    /// <summary>Everybody: also a server of which nobody knows whether it speaks SMC is sent a Proposal.</summary>
    Always,

    /// <summary>Nobody.</summary>
    Never,
}

/// <summary>Deadlines and identities of a handshake.</summary>
/// <param name="MatchTimeout">Of the wait for the listener to match an announcement.</param>
/// <param name="ClcTimeout">Of the wait for a CLC message.</param>
/// <param name="SniffTimeout">Of the wait for the first bytes of a connection that was not announced.</param>
/// <param name="Ueids">User EIDs in the order of preference.</param>
public sealed record HandshakeSettings(TimeSpan MatchTimeout, TimeSpan ClcTimeout, TimeSpan SniffTimeout, IReadOnlyList<Ueid> Ueids);

/// <summary>Who speaks SMC beyond this host.</summary>
/// <param name="Peers">Those who do.</param>
/// <param name="PlainHold">How long a server that answered a Proposal with something else is spared the next one.</param>
public sealed record DirectorySettings(IReadOnlyList<DirectoryPeer> Peers, TimeSpan PlainHold);

/// <summary>Receive buffers.</summary>
/// <param name="Size">The class of a connection's DMB.</param>
/// <param name="Prefault">Commit memory at once.</param>
/// <param name="MaxDmbs">DMBs of this process in use at once.</param>
public sealed record BufferSettings(SizeClass Size, bool Prefault, int MaxDmbs);

/// <summary>Listeners.</summary>
/// <param name="Backlog">Connections that the kernel holds.</param>
/// <param name="AcceptQueue">Connections that wait for AcceptAsync.</param>
public sealed record ListenerSettings(int Backlog, int AcceptQueue);

/// <summary>The settings of a runtime, read from <c>smc</c> once and checked. See smc.reference.conf for units and consequences.</summary>
/// <param name="Negotiation">Whom shared memory is offered to.</param>
/// <param name="RendezvousFolder">The folder in which processes find each other.</param>
/// <param name="Directory">Who speaks SMC beyond this host.</param>
/// <param name="Handshake">Deadlines and identities.</param>
/// <param name="Buffers">Receive buffers.</param>
/// <param name="IdleDelay">How long an idle link group is kept.</param>
/// <param name="Wait">Spinning, and where continuations run.</param>
/// <param name="Listener">Listeners.</param>
public sealed record SmcSettings(
    Negotiation Negotiation,
    string RendezvousFolder,
    DirectorySettings Directory,
    HandshakeSettings Handshake,
    BufferSettings Buffers,
    TimeSpan IdleDelay,
    WaitSettings Wait,
    ListenerSettings Listener)
{
    private const int MaxSpinMicroseconds = 1000;

    /// <summary>What a timer takes.</summary>
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(24);
    private const long LargestBuffer = SizeClass.SmallestBytes << SizeClass.LargestSmcdCode;

    /// <summary>The defaults of every key.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("smc.reference.conf", typeof(SmcSettings).Assembly);

    /// <summary>Reads and checks <c>smc</c>.</summary>
    /// <exception cref="ConfigurationException">Names the key, the value and what is allowed.</exception>
    public static SmcSettings From(Config config)
    {
        Config smc = config.WithFallback(Reference).GetConfig("smc");
        return new SmcSettings(
            Choice(smc, "negotiation", ("directory", Negotiation.Directory), ("always", Negotiation.Always), ("never", Negotiation.Never)),
            FolderOf(smc.GetString("rendezvous.folder")),
            DirectoryOf(smc),
            HandshakeOf(smc),
            BuffersOf(smc),
            Positive(smc, "link-group.idle-delay"),
            WaitOf(smc),
            new ListenerSettings(InRange(smc, "listener.backlog", 1, 65535), InRange(smc, "listener.accept-queue", 1, 1 << 20)));
    }

    private static string FolderOf(string configured) =>
        string.IsNullOrEmpty(configured) ? Path.Combine(Path.GetTempPath(), $"smc-{CurrentUser.Id}") : Path.GetFullPath(configured);

    private static DirectorySettings DirectoryOf(Config smc)
    {
        var peers = new List<DirectoryPeer>();
        foreach (string text in smc.GetStringList("directory.peers"))
        {
            if (!DirectoryPeer.TryParse(text, out DirectoryPeer peer)) throw Bad("directory.peers", text, "addresses, address/prefix or address:port");
            peers.Add(peer);
        }

        return new DirectorySettings(peers, Positive(smc, "directory.plain-hold"));
    }

    private static HandshakeSettings HandshakeOf(Config smc)
    {
        var ueids = new List<Ueid>();
        foreach (string text in smc.GetStringList("handshake.ueids"))
        {
            if (!Ueid.TryParse(text, out Ueid ueid)) throw Bad("handshake.ueids", text, "1 to 32 characters A-Z 0-9 . -, the first a letter or digit");
            ueids.Add(ueid);
        }

        if (ueids.Count is 0 or > Ueid.MaxCount) throw Bad("handshake.ueids", $"{ueids.Count} entries", $"1 to {Ueid.MaxCount} entries");
        return new HandshakeSettings(
            Positive(smc, "handshake.match-timeout"), Positive(smc, "handshake.clc-timeout"), Positive(smc, "handshake.sniff-timeout"), ueids);
    }

    private static BufferSettings BuffersOf(Config smc)
    {
        const string Allowed = "16 KiB to 1 MiB";
        long? size = Read(smc, "buffers.size", Allowed, static (c, key) => c.GetByteSize(key));
        if (size is not (>= SizeClass.SmallestBytes and <= LargestBuffer)) throw Bad("buffers.size", smc.GetString("buffers.size"), Allowed);
        bool prefault = Choice(smc, "buffers.memory", ("plain", false), ("prefaulted", true));
        return new BufferSettings(SizeClass.ForSmcd(size.Value), prefault, InRange(smc, "buffers.max-dmbs", 1, 1 << 20));
    }

    private static WaitSettings WaitOf(Config smc)
    {
        int longest = InRange(smc, "wait.longest-spin-microseconds", 1, MaxSpinMicroseconds);
        bool spin = Switch(smc, "wait.spin") && Environment.ProcessorCount > 1;
        return new WaitSettings(spin ? longest : 0, Switch(smc, "wait.inline-completions"));
    }

    private static TimeSpan Positive(Config smc, string key)
    {
        const string Allowed = "a duration above 0, at most 24d";
        TimeSpan value = Read(smc, key, Allowed, static (c, path) => c.GetTimeSpan(path));
        return value > TimeSpan.Zero && value <= LongestDuration ? value : throw Bad(key, smc.GetString(key), Allowed);
    }

    private static bool Switch(Config smc, string key) => Read(smc, key, "on or off", static (c, path) => c.GetBoolean(path));

    private static int InRange(Config smc, string key, int least, int most)
    {
        int value = Read(smc, key, $"{least} to {most}", static (c, path) => c.GetInt(path));
        return value >= least && value <= most ? value : throw Bad(key, smc.GetString(key), $"{least} to {most}");
    }

    private static T Choice<T>(Config smc, string key, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        string text = smc.GetString(key);
        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == text) return value;
            names.Add(name);
        }

        throw Bad(key, text, string.Join(" or ", names));
    }

    /// <summary>Reads a value, and says what is allowed where it has not even the form of one.</summary>
    private static T Read<T>(Config smc, string key, string allowed, Func<Config, string, T> read)
    {
        try
        {
            return read(smc, key);
        }
        catch (Exception e) when (e is FormatException or OverflowException or NotSupportedException or ConfigurationException)
        {
            throw Bad(key, smc.GetString(key) ?? smc.GetValue(key).ToString(), allowed);
        }
    }

    private static ConfigurationException Bad(string key, string value, string allowed) => new($"smc.{key} must be {allowed}, was {value}.");
}
