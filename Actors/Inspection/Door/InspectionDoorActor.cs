using Akka.Actor;
using Akka.Event;
using Smc.Transport.Interop.Linux;

namespace Smc.Actors.Inspection.Door;

/// <summary>
/// Opens the door by which <c>smc inspect</c> and <c>smc top</c> look in, and gives each visitor a session. A door that cannot be opened
/// leaves the runtime as it is: nobody can look in from outside.
/// <code>
/// event \ state   open                       full (MaxVisitors)   closed
/// visitor         a session; waits for next  -                    -
/// session over    -                          waits for next       -
/// accept failed   closed                     -                    -
/// </code>
/// </summary>
internal sealed class InspectionDoorActor : ReceiveActor
{
    /// <summary>Visitors at once; the next ones wait in the kernel's queue.</summary>
    public const int MaxVisitors = 256;

    private readonly string _folder;
    private readonly IActorRef _inspector;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private LocalDoor? _door;
    private int _visitors;

    /// <param name="folder">Where the door stands.</param>
    /// <param name="inspector">Who answers.</param>
    public InspectionDoorActor(string folder, IActorRef inspector)
    {
        _folder = folder;
        _inspector = inspector;
        Receive<Visit>(OnVisit);
        Receive<Closed>(closed => _log.Debug("The door for inspection is closed: {0}", closed.Reason));
        Receive<VisitOver>(_ =>
        {
            if (_visitors-- == MaxVisitors) Wait();
        });
    }

    /// <inheritdoc />
    protected override void PreStart()
    {
        string problem = "this is no system with Unix sockets of a user's own";
        _door = OperatingSystem.IsLinux() ? LocalDoor.TryOpen(_folder, out problem) : null;
        if (_door is null) _log.Info("smc inspect cannot look into this process: {0}.", problem);
        else Wait();
    }

    /// <inheritdoc />
    protected override void PostStop() => _door?.Dispose();

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => SupervisorStrategies.StopOnly;

    private void Wait() => _door!.AcceptAsync().PipeTo(Self, Self, visitor => new Visit(visitor), e => new Closed(e.Message));

    private void OnVisit(Visit visit)
    {
        if (visit.Visitor is { } visitor)
        {
            _visitors++;
            Context.WatchWith(Context.ActorOf(Props.Create<InspectionSessionActor>(visitor, _inspector).WithDispatcher(Context.Props.Dispatcher)), VisitOver.Instance);
        }

        if (_visitors < MaxVisitors) Wait();
    }

    private sealed record Visit(LocalVisitor? Visitor);

    private sealed record Closed(string Reason);

    private sealed class VisitOver
    {
        public static readonly VisitOver Instance = new();
    }
}
