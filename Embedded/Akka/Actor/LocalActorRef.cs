using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference of an actor of this process; it outlives the actor.</summary>
internal sealed class LocalActorRef : ActorRefBase, IInternalActorRef
{
    private readonly Mailbox _mailbox;

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, dispatcher, parent);
        _mailbox = Cell.Mailbox;
    }

    public override ActorPath Path { get; }
    public ActorCell Cell { get; }
    public ActorSystemImpl System => Cell.SystemImpl;
    public IInternalActorRef Parent => Cell.ParentRef;
    public IEnumerable<IInternalActorRef> Children => Cell.Children;

    public void Start() => SendSystemMessage(new Create());
    public void Stop() => SendSystemMessage(new Terminate());
    public void SendSystemMessage(SystemMessage message) => _mailbox.Post(message);
    public IInternalActorRef? GetSingleChild(string name) => Cell.FindChild(name);

    protected override void TellInternal(object message, IActorRef? sender) => _mailbox.Post(message, sender);
}
