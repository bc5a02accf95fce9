using System.Reflection;
using Akka.Actor;

namespace Smc.Host.Bench.Messages;

/// <summary>Actors on the default dispatcher of the build's own Akka.NET.</summary>
internal sealed class ActorCarrier : IMessageCarrier
{
    private const string Embedded = "embedded"; // the informational version of the subset in this repository

    private readonly ActorSystem _system = ActorSystem.Create("bench", "akka { loglevel = WARNING, coordinated-shutdown.run-by-clr-shutdown-hook = off }");

    /// <summary>The version of Akka.NET, or that it is the embedded one.</summary>
    public static string Version { get; } = (typeof(ActorSystem).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown")
        .Split('+')[0];

    public string Name => Version == Embedded ? "ours-embedded" : "ours-packages";

    public Task PingPongAsync(long count, CancellationToken ct)
    {
        IActorRef partner = _system.ActorOf(Props.Create(() => new ReturningActor()));
        return RunAsync(outcome => Props.Create(() => new ServingActor(partner, count / 2, outcome)), [partner], ct);
    }

    public Task FanInAsync(int senders, long count, CancellationToken ct)
    {
        Numbered[][] series = [.. Enumerable.Range(0, senders).Select(Numbered.Series)];
        IActorRef[] sending = [.. series.Select(messages => _system.ActorOf(Props.Create(() => new SendingActor(messages, count / senders))))];
        return RunAsync(outcome => Props.Create(() => new ReceivingActor(sending, series, count / senders * senders, outcome)), sending, ct);
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    /// <summary>Starts the actor that tells the outcome; all of them stop after it.</summary>
    private async Task RunAsync(Func<TaskCompletionSource, Props> props, IActorRef[] others, CancellationToken ct)
    {
        var outcome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef leader = _system.ActorOf(props(outcome));
        try
        {
            await outcome.Task.WaitAsync(ct);
        }
        finally
        {
            foreach (IActorRef actor in others.Append(leader)) _system.Stop(actor);
        }
    }
}
