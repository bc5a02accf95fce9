using System.Collections.Concurrent;
using Akka.Actor;
using Smc.Actors;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Harness;

/// <summary>What a subscriber of a runtime's event stream hears.</summary>
internal sealed class HeardEvents
{
    private readonly ConcurrentQueue<RuntimeEvent> _heard = [];

    public HeardEvents(SmcRuntime runtime)
    {
        IActorRef subscriber = runtime.System.ActorOf(Props.Create(() => new Subscriber(_heard)));
        runtime.System.EventStream.Subscribe(subscriber, typeof(RuntimeEvent));
    }

    /// <summary>Those of one kind so far.</summary>
    public IReadOnlyList<T> Of<T>()
        where T : RuntimeEvent => [.. _heard.OfType<T>()];

    /// <summary>Waits for the first of a kind.</summary>
    public async Task<T> FirstAsync<T>()
        where T : RuntimeEvent
    {
        await Eventually.TrueAsync(() => Of<T>().Count > 0, $"{typeof(T).Name} to be told");
        return Of<T>()[0];
    }

    private sealed class Subscriber : ReceiveActor
    {
        public Subscriber(ConcurrentQueue<RuntimeEvent> heard) => Receive<RuntimeEvent>(heard.Enqueue);
    }
}
