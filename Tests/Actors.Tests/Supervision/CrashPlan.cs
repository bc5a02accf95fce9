using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Smc.Actors;

namespace Actors.Tests.Supervision;

/// <summary>Where the actors of one runtime fail: one class of them, at one message, in the constructor or at the start, so many times.</summary>
internal sealed class CrashPlan
{
    /// <summary>In the place of a message: the constructor.</summary>
    public static readonly Type Constructor = typeof(AtConstructor);

    /// <summary>In the place of a message: PreStart, before it does anything.</summary>
    public static readonly Type Start = typeof(AtStart);

    private readonly ConcurrentDictionary<IActorRef, (Type Type, long Age)> _living = [];
    private long _age;
    private volatile Armed? _armed;

    /// <summary>Makes every actor one that can fail.</summary>
    public Props PropsOf(Type actor, params object[] arguments) =>
        Props.Create<CrashingActor>(this, actor, arguments).WithDispatcher(SmcSupervisor.Dispatcher);

    /// <summary>From now on actors of a class fail at a message.</summary>
    /// <param name="actor">The class.</param>
    /// <param name="message">The message, or the constructor, or the start.</param>
    /// <param name="times">How often.</param>
    /// <param name="line">Before the handler's first line, in its place; or behind its last, when it has done all that it does.</param>
    /// <returns>Done when the last of these failures has happened.</returns>
    public Task Arm(Type actor, Type message, int times = 1, Line line = Line.First)
    {
        var armed = new Armed(actor, message, times, line);
        _armed = armed;
        return armed.Done.Task;
    }

    /// <summary>Tells the message to the youngest actor of the armed class. What it says does not matter: nobody reads it.</summary>
    public void TellYoungest() => Youngest(_armed!.Actor)?.Tell(RuntimeHelpers.GetUninitializedObject(_armed!.Message));

    /// <summary>The youngest actor of a class.</summary>
    public IActorRef Youngest(Type actor) => _living.Where(living => living.Value.Type == actor).MaxBy(living => living.Value.Age).Key;

    /// <summary>An actor of the armed class is there to be told.</summary>
    public bool HasYoungest() => _living.Any(living => living.Value.Type == _armed!.Actor);

    /// <summary>Tells the message to the next actor of the armed class, as it starts.</summary>
    public void TellNext() => _armed!.IsForNext = true;

    /// <summary>An actor starts.</summary>
    public void Enter(IActorRef actor, Type type)
    {
        _living[actor] = (type, Interlocked.Increment(ref _age));
        if (_armed is not { IsForNext: true } armed || armed.Actor != type) return;
        armed.IsForNext = false;
        actor.Tell(RuntimeHelpers.GetUninitializedObject(armed.Message));
    }

    /// <summary>An actor has stopped.</summary>
    public void Leave(IActorRef actor) => _living.TryRemove(actor, out _);

    /// <summary>Fails here, if that is the plan.</summary>
    public void Pass(Type actor, Type message, Line line = Line.First)
    {
        if (_armed is not { } armed || armed.Actor != actor || armed.Message != message || armed.Line != line) return;
        if (armed.TryFail()) throw new InjectedCrashException($"{actor.Name} was told to fail at {message.Name}");
    }

    private sealed class AtConstructor;

    private sealed class AtStart;

    private sealed class Armed(Type actor, Type message, int times, Line line)
    {
        private int _left = times;

        public Type Actor { get; } = actor;

        public Type Message { get; } = message;

        public Line Line { get; } = line;

        public bool IsForNext { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryFail()
        {
            int left = Interlocked.Decrement(ref _left);
            if (left == 0) Done.TrySetResult();
            return left >= 0;
        }
    }
}

/// <summary>A line of a handler.</summary>
internal enum Line
{
    First,
    Last,
}

/// <summary>A failure that a test wants.</summary>
internal sealed class InjectedCrashException(string message) : Exception(message);
