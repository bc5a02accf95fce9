using Akka.Actor;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Protocol;

/// <summary>What an operator changes in a running process. Whose it is does it and answers with <see cref="Outcome"/>.</summary>
public static class MutationProtocol
{
    /// <summary>A change of the table of user EIDs.</summary>
    public interface IUeidMutation : INoSerializationVerificationNeeded;

    /// <summary>Adds a user EID behind the others.</summary>
    public sealed record AddUeid(Ueid Ueid) : IUeidMutation;

    /// <summary>Takes a user EID out.</summary>
    public sealed record DeleteUeid(Ueid Ueid) : IUeidMutation;

    /// <summary>Takes all user EIDs out: nothing is on shared memory from then on, but what is already.</summary>
    public sealed record FlushUeids : IUeidMutation
    {
        /// <summary>The one instance.</summary>
        public static readonly FlushUeids Instance = new();
    }

    /// <summary>A link group takes no more connections and ends with its last one. Until then it counts towards smc.link-group.max-per-peer: the next
    /// connection goes to another group, or is TCP where its peer can have no other.</summary>
    /// <param name="Group">Its id, given by this process.</param>
    public sealed record DrainLinkGroup(uint Group) : INoSerializationVerificationNeeded;

    /// <summary>What has become of it.</summary>
    /// <param name="IsDone">False where nothing has changed.</param>
    /// <param name="Sentence">What was done, or why nothing was.</param>
    public sealed record Outcome(bool IsDone, string Sentence) : INoSerializationVerificationNeeded
    {
        /// <summary>The answer to a change that an actor has failed at.</summary>
        internal static readonly Outcome Failed = new(IsDone: false, "Whose it is has failed at it: the log says at what.");
    }
}
