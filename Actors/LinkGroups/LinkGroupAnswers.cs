using System.Net.Sockets;
using Akka.Actor;
using Smc.Transport;
using Smc.Transport.Wire.Rendezvous;
using static Smc.Actors.Protocol.LinkGroupProtocol;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Smc.Actors.LinkGroups;

/// <summary>What those hear, or get back, whose message for a link group nobody handles.</summary>
internal static class LinkGroupAnswers
{
    /// <summary>As <see cref="Reject"/>, for all that a group is not told any more.</summary>
    public static void RejectHeld(LinkGroupMember member)
    {
        foreach ((object message, IActorRef sender) in member.TakeHeld()) Reject(message, sender);
    }

    /// <summary>Nobody will handle a message, and its peer does not hear so by the end of a group: it is told, too.</summary>
    public static void Reject(object message, IActorRef sender)
    {
        Answer(message, sender);
        switch (message)
        {
            case DmbRegistered registered: registered.Session.Send(new Detach(registered.Group, registered.Registration.Token)); break;
            case SlabOffered offered: offered.Session.Send(new Refused(offered.Group, offered.Offer.Slab, SmcReason.InternalError)); break;
        }
    }

    /// <summary>Nobody will handle a message: who waits for an answer in this process is told, and what it carries is closed.</summary>
    public static void Answer(object message, IActorRef sender)
    {
        switch (message)
        {
            case PrepareServer or PrepareClient: sender.Tell(new Unavailable(SmcReason.InternalError)); break;
            case Establish establish: Reset(establish); break;
            case DrainLinkGroup: sender.Tell(Outcome.Failed); break;
            case SlabOffered offered: offered.Descriptor?.Dispose(); break;
        }
    }

    /// <summary>Past Confirm there is no fallback: the connection's both ends see a reset.</summary>
    public static void Reset(Establish establish)
    {
        establish.Connection.Reset();
        establish.Receiver.Fail(SocketError.ConnectionReset);
    }
}
