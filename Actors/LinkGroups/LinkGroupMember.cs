using Akka.Actor;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.LinkGroups;

/// <summary>A link group as its parent knows it. What comes for it before it has begun is held, in order.</summary>
/// <param name="actor">The group.</param>
/// <param name="memory">Its memory, and its own once it has begun.</param>
/// <param name="offer">The same of what it will offer.</param>
internal sealed class LinkGroupMember(IActorRef actor, LinkGroupMemory memory, FileDescriptor? offer)
{
    private Queue<(object Message, IActorRef Sender)>? _held = [];

    public IActorRef Actor { get; } = actor;

    /// <summary>Connections that it has or has been asked for.</summary>
    public int Connections { get; set; }

    /// <summary>False once it is to have no connection more.</summary>
    public bool TakesMore { get; set; } = true;

    /// <summary>Tells it now, or when it begins.</summary>
    public void Tell(object message, IActorRef sender)
    {
        if (_held is { } held) held.Enqueue((message, sender));
        else Actor.Tell(message, sender);
    }

    /// <summary>It has begun: it hears what was held, and everything else at once.</summary>
    public void Begin()
    {
        foreach ((object message, IActorRef sender) in TakeHeld()) Actor.Tell(message, sender);
        _held = null;
    }

    /// <summary>Takes out what came before it has begun.</summary>
    public IEnumerable<(object Message, IActorRef Sender)> TakeHeld()
    {
        while (_held is { } held && held.TryDequeue(out (object Message, IActorRef Sender) next)) yield return next;
    }

    /// <summary>It will never begin: what it was to own is closed.</summary>
    public void Release()
    {
        memory.Release();
        offer?.Dispose();
    }
}
