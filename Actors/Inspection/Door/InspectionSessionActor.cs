using System.Buffers;
using Akka.Actor;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Transport.Interop.Linux;
using static Smc.Actors.Protocol.InspectionProtocol;

namespace Smc.Actors.Inspection.Door;

/// <summary>
/// One visitor: takes a request, asks the inspector, writes its answers, and takes the next request. It listens all the time, so that it hears when
/// the visitor leaves, and writes one answer at a time; a visitor who neither asks nor reads for <see cref="Patience"/> is shown out, and so is
/// one of an inspector that does not answer.
/// <code>
/// event \ state    Reading                           Answering                                    Refusing
/// Requested        ask -> Answering, no such         its turn comes after the last answer, and    its turn comes after
///                  command -> Refusing               who answers hears that it is enough          the last answer
/// Answer           -                                 write, or wait for the one being written     -
/// Written          -                                 who answers hears that it is taken; write    -> Reading
///                                                    the next; after the last -> Reading
/// Quiet            -                                 an empty answer, where none waits            as Answering
/// Gone             stop                              stop                                         stop
/// PatienceOver     stop                              stop                                         stop
/// </code>
/// </summary>
internal sealed class InspectionSessionActor : UntypedActor, IWithTimers
{
    /// <summary>Answers that wait for a visitor who reads slowly.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>How long a visitor may neither ask nor read, and the inspector not answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Frames that are given to the socket by one call.</summary>
    private const int FramesAtOnce = 16;

    private const string VisitorTimer = "visitor";
    private const string InspectorTimer = "inspector";

    private readonly LocalVisitor _visitor;
    private readonly IActorRef _inspector;
    private readonly CancellationTokenSource _ended = new();
    private readonly InspectionReader _reader;
    private readonly Queue<(FrameKind Kind, ReadOnlySequence<byte> Text, IActorRef From)> _waiting = new();
    private IActorRef _answerer = ActorRefs.Nobody;   // who gives more than one answer
    private string? _next;   // asked before the last answer was known to be written

    public InspectionSessionActor(LocalVisitor visitor, IActorRef inspector)
    {
        _visitor = visitor;
        _reader = new InspectionReader(visitor.Incoming);
        _inspector = inspector;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        AwaitVisitor();
        Read();
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _ended.Cancel();
        _visitor.Dispose();
    }

    /// <inheritdoc />
    protected override void OnReceive(object message) => Reading(message);

    private void Reading(object message)
    {
        switch (message)
        {
            case Requested requested: OnRequest(requested.Line); break;
            case Gone or PatienceOver: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private void Answering(object message, SmcRequest request, int width)
    {
        switch (message)
        {
            case Answer answer:
                Timers.Cancel(InspectorTimer);
                if (!answer.IsFinal && _next is not null && _answerer.IsNobody()) Sender.Tell(Enough.Instance);   // asked before it was known who answers
                _answerer = answer.IsFinal ? ActorRefs.Nobody : Sender;
                Give(KindOf(answer), request.RenderUtf8(answer.Report, width), _answerer);
                break;
            case Requested requested:
                _next = requested.Line;
                _answerer.Tell(Enough.Instance);
                break;
            default: Refusing(message); break;
        }
    }

    private void Refusing(object message)
    {
        switch (message)
        {
            case Requested requested: _next = requested.Line; break;
            case Written { IsLast: true }:
                _waiting.Clear();
                Become(Reading);
                Timers.Cancel(Quiet.Instance);
                if (_next is { } line) OnRequest(line);
                else AwaitVisitor();
                break;
            case Written:
                _waiting.Dequeue().From.Tell(Taken.Instance);
                if (_waiting.Count > 0) Write();
                else Timers.Cancel(VisitorTimer);   // everything is read
                break;
            case Quiet:
                if (_waiting.Count == 0) Give(FrameKind.More, ReadOnlySequence<byte>.Empty, ActorRefs.Nobody);
                break;
            case Gone or PatienceOver: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private static FrameKind KindOf(Answer answer) => !answer.IsFinal ? FrameKind.More : answer.Report.IsError ? FrameKind.Error : FrameKind.Final;

    private void Read() => _reader.ReadLineAsync(_ended.Token).PipeTo(Self, Self, line => line is null ? Gone.Instance : new Requested(line), _ => Gone.Instance);

    private void AwaitVisitor() => Timers.StartSingleTimer(VisitorTimer, PatienceOver.Instance, Patience);

    private void OnRequest(string line)
    {
        _next = null;
        Timers.Cancel(VisitorTimer);
        Timers.StartPeriodicTimer(Quiet.Instance, Quiet.Instance, InspectionFrames.Silence);
        Read();
        if (!InspectionFrames.TryParseRequest(line, out int width, out string[] words))
        {
            Context.Stop(Self);
        }
        else if (SmcPalette.TryParse(words, out SmcRequest? request, out string error))
        {
            Become(message => Answering(message, request, width));
            Timers.StartSingleTimer(InspectorTimer, PatienceOver.Instance, Patience + request.Command.Takes(request.Arguments));
            _inspector.Tell(new Inquire(request) { Viewer = InspectionViewer.Process(_visitor.Peer.ProcessId, _visitor.Peer.UserId) });
        }
        else
        {
            Become(Refusing);
            Give(FrameKind.Error, new ErrorReport(error).ToUtf8(asJson: false, width), ActorRefs.Nobody);
        }
    }

    private void Give(FrameKind kind, ReadOnlySequence<byte> text, IActorRef from)
    {
        if (_waiting.Count == MaxWaiting)
        {
            Context.Stop(Self);
            return;
        }

        _waiting.Enqueue((kind, text, from));
        if (_waiting.Count == 1) Write();
    }

    private void Write()
    {
        (FrameKind kind, ReadOnlySequence<byte> text, _) = _waiting.Peek();
        bool isLast = kind != FrameKind.More;
        AwaitVisitor();
        WriteAsync(kind, text).PipeTo(Self, Self, _ => new Written(isLast), _ => Gone.Instance);
    }

    /// <summary>Headers and what follows them in few calls, from where they stand.</summary>
    private async Task<bool> WriteAsync(FrameKind kind, ReadOnlySequence<byte> text)
    {
        foreach ((byte[] Header, ReadOnlyMemory<byte> Text)[] frames in InspectionFrames.Answer(kind, text).Chunk(FramesAtOnce))
            await _visitor.SendAsync(frames.SelectMany(frame => (ReadOnlyMemory<byte>[])[frame.Header, frame.Text])).ConfigureAwait(false);
        return true;
    }

    private sealed record Requested(string Line) : INoSerializationVerificationNeeded;

    private sealed record Written(bool IsLast) : INoSerializationVerificationNeeded;

    private sealed record Quiet : INoSerializationVerificationNeeded
    {
        public static readonly Quiet Instance = new();
    }

    private sealed record Gone : INoSerializationVerificationNeeded
    {
        public static readonly Gone Instance = new();
    }

    private sealed record PatienceOver : INoSerializationVerificationNeeded
    {
        public static readonly PatienceOver Instance = new();
    }
}
