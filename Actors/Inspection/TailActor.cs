using Akka.Actor;
using Smc.Actors.Inspection.Commands;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Telemetry;
using static Smc.Actors.Protocol.InspectionProtocol;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Smc.Actors.Inspection;

/// <summary>
/// One watcher of what happens, <c>/user/smc-inspector/{n}</c>. It gives its window a few events ahead of what that has taken, keeps some more, and lets
/// the rest go: a window that does not take them is told how many it has lost, and nobody waits for it. Of a storm no more enters its mailbox than it can
/// keep; what is lost before that is counted too, whether its window would have wanted it or not.
/// <code>
/// event          what it does
/// RuntimeEvent   gives it; keeps it while the window has enough; counts it as lost while that is full, until all that it keeps is given
/// Taken          gives the next that it keeps, then how many were lost
/// Enough, Over   the last answer, and stops
/// WindowGone     stops
/// </code>
/// </summary>
internal sealed class TailActor : ReceiveActor, IWithTimers
{
    /// <summary>Answers on their way to the window.</summary>
    public const int MaxGiven = 64;

    /// <summary>Events that wait for them.</summary>
    public const int MaxKept = 256;

    private readonly SmcArguments _arguments;
    private readonly IActorRef _window;
    private readonly EventPublisher _events;
    private readonly TailIntake _intake;
    private readonly Queue<EventReport> _kept = new();
    private IDisposable? _subscription;
    private int _given;
    private long _told;
    private long _lostNow;   // since the window was told last
    private long _lost;
    private bool _isOver;

    /// <param name="arguments">Of <c>smc tail</c>.</param>
    /// <param name="window">Who gets the answers.</param>
    /// <param name="events">Who tells what happens.</param>
    public TailActor(SmcArguments arguments, IActorRef window, EventPublisher events)
    {
        _arguments = arguments;
        _window = window;
        _events = events;
        _intake = new TailIntake(Self, MaxKept);
        Receive<RuntimeEvent>(OnEvent);
        Receive<Taken>(_ =>
        {
            _given--;
            GiveKept();
        });
        Receive<Enough>(_ => End());
        Receive<Over>(_ => End());
        Receive<WindowGone>(_ =>
        {
            _isOver = true;
            Context.Stop(Self);
        });
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        Context.WatchWith(_window, WindowGone.Instance);
        _subscription = _events.Subscribe("smc tail", _intake.On);
        Give(new SilentReport());   // now the window knows whom it may tell that it has seen enough
        if (TailCommand.SpanOf(_arguments) is { } span) Timers.StartSingleTimer(Over.Instance, Over.Instance, span);
    }

    /// <summary>However it ends, the window hears of it.</summary>
    protected override void PostStop()
    {
        _subscription?.Dispose();
        if (!_isOver) _window.Tell(new Answer(new ErrorReport("The inspector failed: this watch is over."), IsFinal: true));
    }

    private void OnEvent(RuntimeEvent happened)
    {
        _intake.Take();
        var report = new EventReport(happened);
        if (TailCommand.IsWanted(_arguments, report))
        {
            if (_lostNow > 0 || _kept.Count == MaxKept) _lostNow++;
            else _kept.Enqueue(report);
        }

        GiveKept();
    }

    private void GiveKept()
    {
        _lostNow += _intake.TakeLost();
        while (_given < MaxGiven && _kept.TryDequeue(out EventReport? next))
        {
            _told++;
            Give(next);
        }

        if (_given < MaxGiven && _lostNow > 0)
        {
            _lost += _lostNow;
            Give(new WatchReport(_told, _lostNow, isEnd: false));
            _lostNow = 0;
        }
    }

    private void Give(SmcReport report)
    {
        _given++;
        _window.Tell(new Answer(report, IsFinal: false));
    }

    /// <summary>What the window has not taken by now it does not get.</summary>
    private void End()
    {
        _isOver = true;
        _lostNow += _intake.TakeLost() + _intake.Waiting;
        _window.Tell(new Answer(new WatchReport(_told, _lost + _lostNow + _kept.Count, isEnd: true), IsFinal: true));
        Context.Stop(Self);
    }

    private sealed record Over : INoSerializationVerificationNeeded
    {
        public static readonly Over Instance = new();
    }

    private sealed record WindowGone : INoSerializationVerificationNeeded
    {
        public static readonly WindowGone Instance = new();
    }
}
