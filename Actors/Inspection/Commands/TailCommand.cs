using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;

namespace Smc.Actors.Inspection.Commands;

/// <summary><c>smc tail</c>: what happens in the runtime, as it happens.</summary>
internal sealed class TailCommand() : InspectionCommand("tail", "Tells what happens, as it happens: handshakes, connections, fallbacks, violations, link groups, devices.", Id, Peer, Span)
{
    private static readonly SmcArgument Id = new("id", "-i", "Only what concerns this connection or link group.");
    private static readonly SmcArgument Peer = new("peer", "-p", "Only what concerns peers whose address or GID begins with this.");
    private static readonly SmcArgument Span = new("duration", "-s", "For so long; without it, until you leave.", ArgumentKind.Duration);

    /// <inheritdoc />
    public override bool IsLive => true;

    /// <summary>How long the watcher wants to watch; null for no end.</summary>
    public static TimeSpan? SpanOf(SmcArguments arguments) => arguments.Duration(Span);

    /// <summary>What it is to watch alone is not there, and would never be heard of; null where it may be. Names are not given twice.</summary>
    public static ErrorReport? Missing(SmcArguments arguments, RuntimeSnapshot snapshot)
    {
        if (arguments.Text(Id) is not { } id) return null;
        bool isThere = snapshot.Connections.Any(connection => connection.Id == id) || snapshot.LinkGroups.Any(group => group.Id == id);
        return isThere ? null : new ErrorReport($"There is no connection or link group '{id}'; smc connections and smc linkgroups list them.");
    }

    /// <summary>True where the watcher wants to hear of it.</summary>
    public static bool IsWanted(SmcArguments arguments, EventReport happened) =>
        (arguments.Text(Id) is not { } id || happened.Line.Id == id)
        && (arguments.Text(Peer) is not { } peer || happened.Line.Peer.StartsWith(peer, StringComparison.OrdinalIgnoreCase));
}
