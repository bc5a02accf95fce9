using Akka.Event;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Telemetry;

/// <summary>The one seam that the events of a runtime leave it by: to those that count at once, by whatever thread it happens on, and to whoever
/// subscribes to the event stream of its actor system.</summary>
/// <param name="stream">The event stream; null in a test that has none.</param>
internal sealed class EventPublisher(EventStream? stream = null)
{
    /// <summary>Hears each event before the event stream does. Must not wait.</summary>
    public event Action<RuntimeEvent>? Published;

    /// <summary>Tells everybody.</summary>
    public void Publish(RuntimeEvent happened)
    {
        Published?.Invoke(happened);
        stream?.Publish(happened);
    }
}
