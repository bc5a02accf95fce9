using System.Globalization;
using System.Net;

namespace Smc.Peer;

/// <summary>
/// <c>Smc.Peer KIND TASK KEY=VALUE…</c>
/// <code>
/// KIND   serve, connect              over a runtime in the rendezvous folder
///        reopen                      the same, a client that opens and closes connections, as many as <c>bytes</c> says
///        tcp-serve, tcp-connect      over plain sockets
///        handshake, handshake-serve  a scripted end of a handshake, which dies after a step
///        hostile, hostile-serve      an end that breaks the rules of shared memory, when told
///        bad-memory, bad-memory-serve  an end that offers what is no sealed memory, another one each time it is told to connect
///        giver                       offers memory with too many descriptors, when told
///        vectors                     says what completion vectors it has, and where they run
///        stranger, impostor          of another user, or with another's control socket
///        visitor                     of another user, at the door for inspection
/// TASK   echo, sink, source, proposal  what is done with each connection; for a handshake: the step;
///        for a hostile one: the attacks; for bad memory: slab, control, confirmed; for a giver: how many;
///        for the last two: the way in, the device that it says it has
/// KEYS   folder, at (the endpoint), seed, bytes, die-after (bytes), hocon, netns (new, or a process id whose network namespace to share)
/// </code>
/// </summary>
internal sealed record PeerArguments(string Kind, string Task, IReadOnlyDictionary<string, string> Values)
{
    public IPEndPoint At => IPEndPoint.Parse(Values.GetValueOrDefault("at", "127.0.0.1:0"));

    public int Seed => (int)Number("seed", 0);

    public long Bytes => Number("bytes", 0);

    public long DieAfter => Number("die-after", long.MaxValue);

    public string Folder => Values["folder"];

    /// <summary>Settings of the runtime, with deadlines that no handshake of a loaded machine meets.</summary>
    public string Hocon =>
        $"smc.rendezvous.folder = \"{Folder}\"\nsmc.handshake {{ match-timeout = 50s, clc-timeout = 55s }}\n{Values.GetValueOrDefault("hocon", string.Empty)}";

    public static PeerArguments Parse(string[] args) =>
        new(args[0], args[1], args[2..].Select(a => a.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));

    private long Number(string key, long otherwise) =>
        Values.TryGetValue(key, out string? text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
