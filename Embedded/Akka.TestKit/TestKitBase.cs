using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A system under test and an actor to talk to it with: what the test tells comes from <see cref="TestActor"/>, and what that
/// receives is expected here. Durations given are stretched by akka.test.timefactor.
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static readonly Lazy<Config> Reference = new(() => ConfigurationFactory.FromResource<TestKitBase>("testkit.conf"));
    private static long _lastTestActor;

    private readonly ITestKitAssertions _assertions;
    private readonly TestQueue _queue = new();
    private MessageEnvelope _last = NullMessageEnvelope.Instance;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system ?? ActorSystem.Create("test", DefaultConfig), testActorName, false) { }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, ActorSystem.Create(actorSystemName ?? "test", config.SafeWithFallback(DefaultConfig)), testActorName, false) { }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem system, string? testActorName, bool _)
    {
        _assertions = assertions;
        Sys = system;
        if (!system.Settings.Config.HasPath("akka.test.timefactor"))
        {
            system.Settings.InjectTopLevelFallback(DefaultConfig);
        }
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        var props = Props.Create(() => new InternalTestActor(_queue)).WithDispatcher(CallingThreadDispatcher.Id);
        TestActor = ((ActorSystemImpl)system).SystemActor(props, testActorName ?? $"testActor{Interlocked.Increment(ref _lastTestActor)}");
        if (this is not INoImplicitSender)
        {
            var cell = ((LocalActorRef)TestActor).Cell;
            ActorCell.Current = cell;
            SynchronizationContext.SetSynchronizationContext(new ImplicitSenderContext(cell));
        }
    }

    public static Config DefaultConfig => Reference.Value;
    public static Config FullDebugConfig => ConfigurationFactory.ParseString("akka { loglevel = DEBUG, stdout-loglevel = DEBUG, actor.debug.unhandled = on }");
    public static TimeSpan Now => TimeSpan.FromTicks((long)(Stopwatch.GetTimestamp() * (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency));

    public ActorSystem Sys { get; }
    public IActorRef TestActor { get; }
    public TestKitSettings TestKitSettings { get; }
    public ILoggingAdapter Log { get; }
    public EventFilterFactory EventFilter => new(this, Sys);
    public bool HasMessages => _queue.Count > 0;
    public object LastMessage => _last.Message;
    public IActorRef LastSender => _last.Sender;

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new WatchRequest(actorToWatch), ActorRefs.NoSender);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new UnwatchRequest(actorToUnwatch), ActorRefs.NoSender);
        return actorToUnwatch;
    }

    /// <summary>Drops what <paramref name="shouldIgnoreMessage"/> says instead of keeping it for expectations.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => TestActor.Tell(new IgnoreRequest(shouldIgnoreMessage), ActorRefs.NoSender);

    /// <summary>Lets <paramref name="pilot"/> handle what the test actor receives, before it is kept for expectations.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new AutoPilotRequest(pilot), ActorRefs.NoSender);

    /// <summary>Ends the system under test.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var limit = duration ?? Dilated(TestKitSettings.DefaultTimeout);
        if (system.Terminate().Wait(limit))
        {
            return;
        }
        string message = $"{system} did not terminate within {limit}";
        if (verifySystemShutdown)
        {
            throw new TimeoutException(message);
        }
        system.Log.Warning(message);
    }

    /// <summary>What this thread tells no longer comes from the test actor.</summary>
    internal void ReleaseImplicitSender()
    {
        if (ReferenceEquals(ActorCell.Current?.Self, TestActor))
        {
            ActorCell.Current = null;
        }
    }

    internal void Fail(string message) => _assertions.Fail("{0}", message);
}
