using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>What an operator is told of a link group that is to be drained.</summary>
internal static class DrainOutcome
{
    /// <summary>It is.</summary>
    /// <param name="group">Its id.</param>
    /// <param name="connections">That it has, handshakes included.</param>
    /// <param name="isLimitReached">Its peer can have no other group while it lasts: it counts towards smc.link-group.max-per-peer until it ends.</param>
    public static Outcome Done(uint group, int connections, bool isLimitReached)
    {
        string end = connections switch
        {
            0 => "ends now",
            1 => "ends with its one connection",
            _ => $"ends with the last of its {connections}",
        };
        string next = connections > 0 && isLimitReached
            ? "Until then the next ones of this peer are TCP: it counts towards smc.link-group.max-per-peer, which allows no other."
            : "The next ones of this peer go to another.";
        return new Outcome(IsDone: true, $"Link group {group:x8} takes no more connections, and {end}. {next}");
    }

    /// <summary>There is none.</summary>
    public static Outcome Unknown(uint group) => new(IsDone: false, $"There is no link group {group:x8}; smc linkgroups lists them.");

    /// <summary>Its server is another process.</summary>
    /// <param name="group">Its id.</param>
    /// <param name="processId">Of the server; 0 where it is not visible from here.</param>
    public static Outcome Elsewhere(uint group, int processId)
    {
        string where = processId == 0 ? "in another PID namespace" : $"in process {processId}";
        return new Outcome(IsDone: false, $"Link group {group:x8} is filled and ended by its server: drain it there, {where}.");
    }
}
