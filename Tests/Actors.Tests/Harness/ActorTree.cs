using Akka.Actor;
using Smc.Actors;

namespace Actors.Tests.Harness;

/// <summary>Looks for actors of a runtime by their paths.</summary>
internal static class ActorTree
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    /// <summary>True where the runtime has a link group.</summary>
    public static Task<bool> HasGroupAsync(this SmcRuntime runtime) => runtime.HasAsync("linkgroups/*");

    /// <summary>Tells all actors that a path below the runtime's root leads to.</summary>
    public static void TellAll(this SmcRuntime runtime, string path, object message) => runtime.System.ActorSelection($"/user/smc/{path}").Tell(message);

    /// <summary>True where an actor answers at a path below the runtime's root.</summary>
    public static async Task<bool> HasAsync(this SmcRuntime runtime, string path)
    {
        try
        {
            await runtime.System.ActorSelection($"/user/smc/{path}").Ask<ActorIdentity>(new Identify(null), Silence);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }
}
