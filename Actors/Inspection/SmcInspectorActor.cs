using Akka.Actor;
using Akka.Event;
using Smc.Actors.Inspection.Commands;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Smc.Actors.Inspection;

/// <summary>
/// Answers every window, <c>/user/smc-inspector</c>: beside the runtime's tree, so that neither's failure is the other's, and on the dispatcher of those
/// who look, so that looking never delays a handshake. It takes at most four snapshots a second, however many ask: who asks within
/// <see cref="MaxAge"/> of another gets the same moment, and, where he asks the same, the same report, unless something is being changed, or he would watch
/// what was not there at that moment. What an operator changes is done by whose it is, where <c>smc.inspection.allow-mutations</c> is on, and logged, as is
/// what he tries out.
/// </summary>
internal sealed class SmcInspectorActor : ReceiveActor, IWithTimers
{
    /// <summary>How old a snapshot may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    /// <summary>Different questions that are remembered of one moment.</summary>
    private const int MaxAnswers = 32;

    /// <summary>Refused changes that the log names, by who wanted them and which: whoever may look in could fill it.</summary>
    private const int MostRefusals = 1024;

    private const string LookersDispatcher = "smc.inspection-dispatcher";

    private readonly InspectedRuntime _runtime;
    private readonly Baselines _baselines = new();
    private readonly UnbegunChildren _unbegun = new(begun: Directive.Stop);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly News<(string Viewer, string Command)> _refusals = new(MostRefusals);
    private readonly Dictionary<SmcRequest, SmcReport> _answers = [];   // of the snapshot
    private readonly HashSet<SampleOver> _samples = [];   // that are being taken
    private RuntimeSnapshot? _snapshot;
    private long _taken;
    private int _mutations;

    /// <param name="runtime">What it looks into.</param>
    public SmcInspectorActor(InspectedRuntime runtime)
    {
        _runtime = runtime;
        Receive<Inquire>(OnInquire);
        Receive<ReceiveTimeout>(_ => Forget());
        Receive<SampleOver>(over =>
        {
            if (ReferenceEquals(_snapshot?.Totals, over.Since)) _snapshot = null;   // a sample shorter than a snapshot's life
            Give(over.Asker, over.Command.Answer(over.Arguments, Snapshot(), over.Since));
            _samples.Remove(over);
        });
        Receive<MutationOver>(over =>
        {
            _mutations--;
            _snapshot = null;
            if (_unbegun.Remove(over.Mutation)) Give(over.Asker, new ErrorReport("The inspector failed: nothing was changed."));
        });
        Receive<TailOver>(over =>
        {
            if (_unbegun.Remove(over.Tail)) Give(over.Window, new ErrorReport("The inspector failed: nothing is watched."));
        });
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The same, where looking disturbs nobody.</summary>
    public static Props OnLookersDispatcher(Props props) => props.WithDispatcher(LookersDispatcher);

    /// <summary>Whoever asked what the inspector has failed at, and who waits for the end of a sample, is answered.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        var failure = new ErrorReport($"The inspector failed: {reason.Message}");
        if (message is Inquire) Give(Sender, failure);
        foreach (SampleOver sample in _samples) Give(sample.Asker, failure);   // their timers end here
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => _unbegun.Strategy;

    private void Tail(SmcArguments arguments)
    {
        if (TailCommand.Missing(arguments, Snapshot()) is not null)
        {
            _snapshot = null;   // it may have come since
            if (TailCommand.Missing(arguments, Snapshot()) is { } missing)
            {
                Give(Sender, missing);
                return;
            }
        }

        IActorRef tail = Context.ActorOf(_runtime.Props(typeof(TailActor), arguments, Sender, _runtime.Events).WithDispatcher(Context.Props.Dispatcher));
        Context.WatchWith(tail, new TailOver(tail, Sender));
    }

    private static void Give(IActorRef asker, SmcReport report) => asker.Tell(new Answer(report, IsFinal: true));

    private void OnInquire(Inquire inquiry)
    {
        (InspectionCommand command, SmcArguments arguments) = inquiry.Request;
        if (command.IsMutation && !MayChange(inquiry)) return;
        switch (command)
        {
            case SnapshotCommand look: Give(Sender, Answer(inquiry.Request, snapshot => look.Answer(arguments, snapshot))); break;
            case ComparingCommand compare: Compare(compare, inquiry); break;
            case ProbeCommand probe:
                _log.Info("'{0}' wanted by {1}.", TextOf(inquiry), inquiry.Viewer.Name);
                Try(probe, arguments);
                break;
            case StatsResetCommand reset:
                _baselines.Reset(inquiry.Viewer, Snapshot().Totals);
                Give(Sender, reset.Done(inquiry.Viewer));
                break;
            case MutationCommand: Change(inquiry); break;
            case TailCommand: Tail(arguments); break;
            default: throw new InvalidOperationException($"{command.Name} is answered by nobody.");
        }
    }

    private void Compare(ComparingCommand command, Inquire inquiry)
    {
        SmcArguments arguments = inquiry.Request.Arguments;
        TimeSpan sample = command.Takes(arguments);
        if (sample == TimeSpan.Zero)
        {
            CounterTotals? since = command.IsAbsolute(arguments) ? null : _baselines.Of(inquiry.Viewer);
            Give(Sender, since is null ? Answer(inquiry.Request, snapshot => command.Answer(arguments, snapshot, null)) : command.Answer(arguments, Snapshot(), since));
            return;
        }

        var over = new SampleOver(Sender, command, arguments, Snapshot().Totals);
        _samples.Add(over);
        Timers.StartSingleTimer(over, over, sample);
    }

    private void Try(ProbeCommand command, SmcArguments arguments) => command.AnswerAsync(arguments, _runtime.Connector).PipeTo(
        Sender, Self, report => new Answer(report, IsFinal: true), failure => new Answer(new ErrorReport($"The inspector failed: {failure.Message}"), IsFinal: true));

    private bool MayChange(Inquire inquiry)
    {
        InspectionCommand command = inquiry.Request.Command;
        string change = TextOf(inquiry);
        if (_runtime.Settings.AllowMutations)
        {
            _log.Info("'{0}' wanted by {1}.", change, inquiry.Viewer.Name);
            return true;
        }

        if (_refusals.IsFirst((inquiry.Viewer.Name, command.Name))) _log.Info("'{0}' refused to {1}. More of this are not told.", change, inquiry.Viewer.Name);
        Give(Sender, new ErrorReport($"{command.Name} changes something, and {InspectionSettings.AllowMutationsKey} is off in this process: set it to on to allow it."));
        return false;
    }

    private static string TextOf(Inquire inquiry) => PlainText.Line($"{inquiry.Request.Command.Name} {inquiry.Request.Arguments}".TrimEnd());

    private void Change(Inquire inquiry)
    {
        IActorRef mutation = Context.ActorOf(_runtime.Props(typeof(MutationActor), inquiry.Request, _runtime.Targets, Sender).WithDispatcher(Context.Props.Dispatcher));
        Context.WatchWith(mutation, new MutationOver(mutation, Sender));
        _mutations++;
    }

    /// <summary>Who asks the same of the same moment gets the same report, which is rendered once.</summary>
    private SmcReport Answer(SmcRequest question, Func<RuntimeSnapshot, SmcReport> make)
    {
        RuntimeSnapshot snapshot = Snapshot();
        if (_answers.TryGetValue(question, out SmcReport? known)) return known;
        SmcReport answer = make(snapshot);
        if (_answers.Count < MaxAnswers) _answers.Add(question, answer);
        return answer;
    }

    /// <summary>Nobody asks any more: a snapshot of many connections, and what was rendered of it, is not kept for nobody.</summary>
    private void Forget()
    {
        if (_runtime.Time.GetElapsedTime(_taken) < MaxAge) return;
        _snapshot = null;
        _answers.Clear();
        SetReceiveTimeout(null);
    }

    private RuntimeSnapshot Snapshot()
    {
        if (_mutations == 0 && _snapshot is { } recent && _runtime.Time.GetElapsedTime(_taken) < MaxAge) return recent;
        _taken = _runtime.Time.GetTimestamp();
        _answers.Clear();
        SetReceiveTimeout(MaxAge);
        return _snapshot = _runtime.Take();
    }

    private sealed record TailOver(IActorRef Tail, IActorRef Window) : INoSerializationVerificationNeeded;

    private sealed record SampleOver(IActorRef Asker, ComparingCommand Command, SmcArguments Arguments, CounterTotals Since) : INoSerializationVerificationNeeded;

    private sealed record MutationOver(IActorRef Mutation, IActorRef Asker) : INoSerializationVerificationNeeded;
}

/// <summary>What an inspector looks into.</summary>
/// <param name="Take">Takes a snapshot.</param>
/// <param name="Time">Whose timestamps tell its age.</param>
/// <param name="Settings">What operators may do.</param>
/// <param name="Connector">Who connects, to try an endpoint out.</param>
/// <param name="Targets">Whose the things are that may be changed.</param>
/// <param name="Events">Who tells what happens.</param>
/// <param name="Props">What actors are made of.</param>
internal sealed record InspectedRuntime(
    Func<RuntimeSnapshot> Take, TimeProvider Time, InspectionSettings Settings, ISmcConnector Connector, MutationTargets Targets, EventPublisher Events, PropsFactory Props);
