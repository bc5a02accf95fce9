using Akka.Actor;
using Smc.Actors.Dispatch;
using Smc.Transport.Interop.Linux;

namespace Actors.Tests.Dispatch;

/// <summary>
/// An actor of a completion vector, which looks at every message where it runs. It says so when asked, drains a queue, and tells messages on.
/// </summary>
internal sealed class VectorActor : ReceiveActor
{
    private readonly List<ICompletionSource> _drained = [];
    private readonly int _vector;
    private readonly Traffic _traffic;

    /// <param name="vector">Where it is to run.</param>
    /// <param name="traffic">What it counts in.</param>
    public VectorActor(int vector, Traffic traffic)
    {
        Receive<Drain>(order =>
        {
            Executor.Add(order.Source);
            _drained.Add(order.Source);
            Sender.Tell(order);
        });
        Receive<WhereIs>(_ => Sender.Tell(Here()));
        Receive<Hop>(hop => hop.To[hop.Left % hop.To.Count].Tell(hop with { Left = hop.Left - 1 }), hop => hop.Left > 0);
        Receive<Hop>(hop => hop.From.Tell(hop));
        Receive<Endless>(message =>
        {
            traffic.OnMessage?.Invoke();
            if (!traffic.IsOver) Self.Tell(message);
        });
        ReceiveAsync<Later>(async _ =>
        {
            await Task.Yield();
            traffic.Count(IsAt(vector));
            Sender.Tell(Here());
        });
        _vector = vector;
        _traffic = traffic;
    }

    private static CompletionQueueExecutor Executor => CompletionQueueExecutor.Current ?? throw new InvalidOperationException("not on a vector");

    protected override bool AroundReceive(Receive receive, object message)
    {
        _traffic.Count(IsAt(_vector));
        return base.AroundReceive(receive, message);
    }

    protected override void PreStart() => _traffic.Count(IsAt(_vector));

    protected override void PostStop()
    {
        _traffic.Count(IsAt(_vector));
        foreach (ICompletionSource source in _drained) Executor.Remove(source);
    }

    private static bool IsAt(int vector) => CompletionQueueExecutor.Current?.Vector == vector && Thread.CurrentThread.Name == $"smc-cq-{vector}";

    private static Place Here() => new(
        Executor, Thread.CurrentThread, File.ReadAllText("/proc/thread-self/comm").Trim(), CpuAffinity.OfThread);
}

/// <summary>What actors of vectors have seen.</summary>
internal sealed class Traffic
{
    private int _messages;
    private int _elsewhere;

    public int Messages => Volatile.Read(ref _messages);

    /// <summary>Messages that were received on another thread than the vector's.</summary>
    public int Elsewhere => Volatile.Read(ref _elsewhere);

    /// <summary>Called at every <see cref="Endless"/> message, on the vector's thread.</summary>
    public Action? OnMessage { get; set; }

    /// <summary>Endless messages end.</summary>
    public volatile bool IsOver;

    public void Count(bool isAtHome)
    {
        Interlocked.Increment(ref _messages);
        if (!isAtHome) Interlocked.Increment(ref _elsewhere);
    }
}

/// <summary>Where an actor runs.</summary>
internal sealed record Place(CompletionQueueExecutor Executor, Thread Thread, string NameInKernel, IReadOnlyList<int> Cpus);

internal sealed record Drain(ICompletionSource Source);

internal sealed record WhereIs;

internal sealed record Later;

internal sealed record Endless;

/// <summary>A message that goes on so many times, and then back.</summary>
internal sealed record Hop(int Left, IReadOnlyList<IActorRef> To, IActorRef From);
