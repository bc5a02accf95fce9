using System.Collections.Concurrent;
using Akka.Actor;
using Smc.Actors;

namespace Actors.Tests.Harness;

/// <summary>Looks for actors of a runtime by their paths.</summary>
internal static class ActorTree
{
    private const string ConnectionPrefix = "conn-";

    /// <summary>True where the runtime has a link group.</summary>
    public static async Task<bool> HasGroupAsync(this SmcRuntime runtime)
    {
        ActorIdentity identity = await runtime.Select("linkgroups/*").Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);
        return identity.Subject is not null;
    }

    /// <summary>Tells all actors that a path below the runtime's root leads to.</summary>
    public static void TellAll(this SmcRuntime runtime, string path, object message) => runtime.Select(path).Tell(message, ActorRefs.NoSender);

    /// <summary>Stops the actor that a path below the runtime's root leads to.</summary>
    public static async Task StopAsync(this SmcRuntime runtime, string path)
    {
        ActorIdentity identity = await runtime.Select(path).Ask<ActorIdentity>(new Identify(null), Eventually.HangGuard);
        await identity.Subject.GracefulStop(Eventually.HangGuard);
    }

    /// <summary>The actors of the connections on shared memory, once there are <paramref name="count"/>.</summary>
    public static async Task<IReadOnlyCollection<IActorRef>> ConnectionActorsAsync(this SmcRuntime runtime, int count)
    {
        var found = new ConcurrentDictionary<IActorRef, bool>();
        IActorRef collector = runtime.System.ActorOf(Props.Create(() => new Collector(found)));
        runtime.Select("linkgroups/*/*").Tell(new Identify(null), collector);
        await Eventually.EqualAsync(count, () => found.Count, "connections' actors");
        runtime.System.Stop(collector);
        return [.. found.Keys];
    }

    private static ActorSelection Select(this SmcRuntime runtime, string path) => runtime.System.ActorSelection($"/user/smc/{path}");

    private sealed class Collector : ReceiveActor
    {
        public Collector(ConcurrentDictionary<IActorRef, bool> found) => Receive<ActorIdentity>(identity =>
        {
            if (identity.Subject is { } actor && actor.Path.Name.StartsWith(ConnectionPrefix, StringComparison.Ordinal)) found[actor] = true;
        });
    }
}
