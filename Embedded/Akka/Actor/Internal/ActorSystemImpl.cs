using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor.Internal;

internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = [];
    private readonly ConcurrentStack<Action> _onTermination = [];
    private readonly Deployer _deployer;
    private readonly RootGuardian _root;
    private long _lastTemp;

    public ActorSystemImpl(string name, Config config)
    {
        Name = name;
        Settings = new Settings(config);
        EventStream = new EventStream();
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), Settings.LogFormatter);

        var rootPath = new RootActorPath(new Address("akka", name));
        DeadLetters = new DeadLetterActorRef(this, rootPath / "deadLetters");
        Scheduler = TypeName.Create<IScheduler>(Settings.SchedulerClass, Settings.Config.GetConfig("akka.scheduler"), Log);
        Dispatchers = new Dispatchers(this, new DefaultDispatcherPrerequisites(EventStream, Scheduler, Settings));
        Mailboxes = new Mailboxes(this);
        _deployer = new Deployer(Settings.Config.GetConfig("akka.actor.deployment"));
        _root = new RootGuardian(this, rootPath);
    }

    public override string Name { get; }
    public override Settings Settings { get; }
    public override IActorRef DeadLetters { get; }
    public override EventStream EventStream { get; }
    public override ILoggingAdapter Log { get; }
    public override IScheduler Scheduler { get; }
    public override Dispatchers Dispatchers { get; }
    public override Mailboxes Mailboxes { get; }
    public override Task WhenTerminated => _terminated.Task;
    public IInternalActorRef Root => _root;
    public LocalActorRef User => _root.User;
    public bool IsTerminating { get; private set; }

    public void Start()
    {
        _root.Start();
        EventStream.StartUnsubscriber(this);
        EventStream.StartDefaultLoggers(this);
        if (Settings.LogDeadLetters > 0)
        {
            SystemActorOf<DeadLetterListener>("deadLetterListener");
        }
        CoordinatedShutdown.Get(this);
        foreach (string provider in Settings.Config.GetStringList("akka.extensions"))
        {
            RegisterExtension(TypeName.Create<IExtensionId>(provider));
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _root.User.Cell.ActorOf(props, name);
    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        SystemActor(props.Dispatcher == Dispatchers.DefaultDispatcherId ? props.WithDispatcher(Dispatchers.InternalDispatcherId) : props, name);

    public IActorRef SystemActor(Props props, string? name) => _root.System.Cell.ActorOf(props, name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);
    public override ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this, _root);
    public override void RegisterOnTermination(Action code) => _onTermination.Push(code);
    public override string ToString() => $"akka://{Name}";

    /// <summary>A guardian stops its own children, in the order of its mailbox: what they are sent meanwhile they still handle.</summary>
    public override void Stop(IActorRef actor)
    {
        var parent = actor.Path.Parent;
        if (parent == _root.User.Path)
        {
            _root.User.Tell(new StopChild(actor));
        }
        else if (parent == _root.System.Path)
        {
            _root.System.Tell(new StopChild(actor));
        }
        else
        {
            ((IInternalActorRef)actor).Stop();
        }
    }

    public override Task Terminate()
    {
        var shutdown = CoordinatedShutdown.Get(this);
        if (!shutdown.RunsAtTerminate)
        {
            return FinalTerminate();
        }
        shutdown.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    /// <summary>Stops all actors at once, whatever phases there are.</summary>
    public Task FinalTerminate()
    {
        IsTerminating = true;
        _root.User.Stop();
        return WhenTerminated;
    }

    /// <summary>The last actor has stopped.</summary>
    public void FinishTermination()
    {
        (Scheduler as IDisposable)?.Dispose();
        Dispatchers.Shutdown();
        while (_onTermination.TryPop(out var code))
        {
            try
            {
                code();
            }
            catch (Exception e)
            {
                Log.Error(e, "Failed to run a termination callback");
            }
        }
        _terminated.TrySetResult();
    }

    /// <summary>The props as the deployment configuration of that path changes them.</summary>
    public Props Deployed(Props props, ActorPath parent, string name) => _deployer.Apply(props, parent, name);

    public ActorPath NextTempPath() => _root.Path / "temp" / $"${Interlocked.Increment(ref _lastTemp)}";

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;

    public override T GetExtension<T>() => _extensions.TryGetValue(typeof(T), out var extension) ? (T)extension.Value : null!; // null as documented
    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));
}
