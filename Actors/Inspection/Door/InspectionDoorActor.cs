using Akka.Actor;
using Akka.Event;
using Smc.Actors.Dispatch;
using Smc.Actors.Telemetry;
using Smc.Transport.Interop.Linux;

namespace Smc.Actors.Inspection.Door;

/// <summary>
/// Opens the door by which <c>smc inspect</c> looks in, <c>/user/smc-inspection-door</c>, and gives each visitor a session. A door that cannot be opened leaves the runtime as it
/// is: nobody can look in from outside.
/// <code>
/// event \ state   open                              full (MaxVisitors)            paused
/// Visit           a session; waits for the next     -                             -
/// VisitOver       -                                 waits for the next -> open    -
/// AcceptFailed    -> paused                         -                             -
/// Again           -                                 -                             waits for the next -> open
/// </code>
/// The visitors' sockets are polled by the thread that those who look run on, in its idle wait: a question wakes one thread.
/// After a failure it opens another door. What is left of the one before is told apart by the door that it names.
/// </summary>
internal sealed class InspectionDoorActor : ReceiveActor, IWithTimers
{
    /// <summary>Visitors at once; the next ones wait in the kernel's queue.</summary>
    public const int MaxVisitors = 256;

    /// <summary>Between a failure to accept, such as for want of descriptors, and the next attempt.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly IActorRef _inspector;
    private readonly PropsFactory _props;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WarningPace _pace = new();
    private SocketPoller? _poller;
    private ControlTurns? _turns;
    private LocalDoor? _door;
    private int _visitors;

    /// <param name="folder">Where the door stands.</param>
    /// <param name="inspector">Who answers.</param>
    /// <param name="props">What the sessions are made of.</param>
    public InspectionDoorActor(string folder, IActorRef inspector, PropsFactory props)
    {
        _folder = folder;
        _inspector = inspector;
        _props = props;
        Receive<Visit>(OnVisit);
        Receive<AcceptFailed>(failed =>
        {
            if (failed.Door != _door) return;
            if (_pace.TryTake(Context.System.Scheduler.MonotonicClock, out long heldBack))
                _log.Warning("Nobody can look in for {0} s: {1} Not told since the last warning: {2} like it.", Pause.TotalSeconds, failed.Reason, heldBack);
            Timers.StartSingleTimer(Again.Instance, Again.Instance, Pause);
        });
        Receive<Again>(_ => Wait());
        Receive<PollerFailed>(failed =>
        {
            if (failed.Poller == _poller) throw new InvalidOperationException("The poller of the door has failed.", failed.Cause);
        });
        Receive<VisitOver>(over =>
        {
            over.Visitor.Dispose();   // its session may not have begun
            if (_visitors-- == MaxVisitors) Wait();
        });
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        try
        {
            Open();
        }
        catch
        {
            Close();   // what has not begun is not stopped
            throw;
        }
    }

    /// <summary>Visitors are shown out, and the one whose visit it failed at.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        (message as Visit)?.Visitor?.Dispose();
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostStop() => Close();

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Open()
    {
        string problem = "this is no system with Unix sockets of a user's own";
        if (OperatingSystem.IsLinux())
        {
            if (ControlPlaneExecutor.Current is { HasRoom: true } executor && SocketPoller.TryCreate(out _poller)) Attach(executor, _poller!);
            _door = LocalDoor.TryOpen(_folder, out problem, _poller);
        }

        if (_door is not null)
        {
            Wait();
            return;
        }

        _log.Info("smc inspect cannot look into this process: {0}.", problem);
        Close();   // nobody comes whom the poller would serve
    }

    private void Attach(ControlPlaneExecutor executor, SocketPoller poller)
    {
        IActorRef self = Self;
        _turns = new ControlTurns(poller.WaitReadable, poller.Handle, poller.Wake, cause => self.Tell(new PollerFailed(poller, cause), ActorRefs.NoSender));
        executor.Attach(_turns);
    }

    private void Close()
    {
        if (_turns is not null) ControlPlaneExecutor.Current?.Detach(_turns);
        _turns = null;
        _door?.Dispose();   // before its poller, which nobody is added to behind that
        _door = null;
        _poller?.Dispose();
        _poller = null;
    }

    private void Wait()
    {
        LocalDoor door = _door!;
        door.AcceptAsync().PipeTo(Self, Self, visitor => new Visit(door, visitor), e => new AcceptFailed(door, e.Message));
    }

    private void OnVisit(Visit visit)
    {
        if (visit.Door != _door)
        {
            visit.Visitor?.Dispose();
            return;
        }

        if (visit.Visitor is { } visitor)
        {
            visit.Door.Give();
            _visitors++;
            Props session = _props(typeof(InspectionSessionActor), visitor, _inspector).WithDispatcher(Context.Props.Dispatcher);
            Context.WatchWith(Context.ActorOf(session), new VisitOver(visitor));
        }

        if (_visitors < MaxVisitors) Wait();
    }

    private sealed record Visit(LocalDoor Door, LocalVisitor? Visitor) : INoSerializationVerificationNeeded;

    private sealed record AcceptFailed(LocalDoor Door, string Reason) : INoSerializationVerificationNeeded, IDeadLetterSuppression;   // the last one comes of the door's own end

    private sealed record VisitOver(LocalVisitor Visitor) : INoSerializationVerificationNeeded;

    /// <summary>Without its poller nobody is heard any more: the door has failed too.</summary>
    /// <param name="Poller">Which.</param>
    /// <param name="Cause">What it has thrown.</param>
    internal sealed record PollerFailed(SocketPoller Poller, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Again : INoSerializationVerificationNeeded
    {
        public static readonly Again Instance = new();
    }
}
