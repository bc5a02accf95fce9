using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>
/// One client. It sends a line, <c>palette command -switch value …</c>, and gets a line of JSON for each response, the last of which is final.
/// This is the stand-in's own protocol: that of Petabridge.Cmd is not published. It listens all the time, so that it hears when the client leaves;
/// a client who neither types nor reads is shown out.
/// <code>
/// event \ state    Idle                     Running
/// Typed            answer it -> Running     its turn comes after the final response
/// CommandResponse  -                        write, or wait for the one being written
/// Written          -                        write the next; after the final one -> Idle
/// Quiet            -                        an empty response says that the command goes on
/// Gone             stop                     stop
/// PatienceOver     stop                     stop
/// </code>
/// </summary>
internal sealed class PbmSessionActor : UntypedActor, IWithTimers
{
    /// <summary>Responses that wait for a client who reads slowly; past it the client is dropped.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>How long a client may not type.</summary>
    private static readonly TimeSpan TypingPatience = TimeSpan.FromMinutes(30);

    /// <summary>How long a client may not read.</summary>
    private static readonly TimeSpan ReadingPatience = TimeSpan.FromMinutes(1);

    /// <summary>While a command says nothing its client hears so often that it goes on.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private const string Help = "help";

    private readonly NetworkStream _stream;
    private readonly LineReader _reader;
    private readonly IReadOnlyList<CommandPaletteHandler> _handlers;
    private readonly Dictionary<string, (CommandPalette Palette, IActorRef Handler)> _palettes = [];
    private readonly Queue<CommandResponse> _waiting = new();
    private bool _isOver;     // the final response of the command is among those that wait
    private string? _next;    // typed before the final response was known to be written

    public PbmSessionActor(Socket client, IReadOnlyList<CommandPaletteHandler> handlers)
    {
        _stream = new NetworkStream(client, ownsSocket: true);
        _reader = new LineReader(_stream);
        _handlers = handlers;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (CommandPaletteHandler handler in _handlers)
            _palettes[handler.Palette.ModuleName] = (handler.Palette, Context.ActorOf(handler.HandlerProps, handler.Palette.ModuleName));
        Start(PatienceOver.Instance, TypingPatience);
        Read();
    }

    protected override void PostStop() => _stream.Dispose();

    protected override void OnReceive(object message) => Idle(message);

    private void Idle(object message)
    {
        switch (message)
        {
            case Typed typed: OnTyped(typed.Line); break;
            case Gone or PatienceOver: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private void Running(object message)
    {
        switch (message)
        {
            case Typed typed: _next = typed.Line; break;
            case CommandResponse response: Give(response); break;
            case IEnumerable<CommandResponse> responses:
                foreach (CommandResponse response in responses) Give(response);
                break;
            case Written { IsFinal: true }: OnOver(); break;
            case Written:
                _waiting.Dequeue();
                if (_waiting.Count > 0) Write();
                else Timers.Cancel(PatienceOver.Instance);   // the client has read all that there is
                break;
            case Quiet:
                if (_waiting.Count == 0) Give(new CommandResponse(string.Empty, final: false));
                break;
            case Gone or PatienceOver: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private void Read() => _reader.ReadAsync().PipeTo(Self, Self, line => line is null ? Gone.Instance : new Typed(line), _ => Gone.Instance);

    private void OnTyped(string line)
    {
        _next = null;
        _isOver = false;
        Read();
        Become(Running);
        Timers.Cancel(PatienceOver.Instance);
        Timers.StartPeriodicTimer(Quiet.Instance, Quiet.Instance, Silence);
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0] == Help)
            Give(new CommandResponse(string.Join('\n', _palettes.Values.SelectMany(entry => Describe(entry.Palette)))));
        else if (!_palettes.TryGetValue(words[0], out (CommandPalette Palette, IActorRef Handler) found))
            Give(new ErroredCommandResponse($"There is no palette '{words[0]}'; there are {string.Join(", ", _palettes.Keys)}."));
        else if (words.Length == 1 || words[1] == Help)
            Give(new CommandResponse(string.Join('\n', Describe(found.Palette))));
        else if (new CommandParser(found.Palette).Parse(words[1..], out Command? command) is { Length: > 0 } error)
            Give(new ErroredCommandResponse($"{error}; {found.Palette.ModuleName} help lists the commands."));
        else
            found.Handler.Tell(command!);
    }

    private static IEnumerable<string> Describe(CommandPalette palette)
    {
        int width = palette.Commands.Max(command => command.Name.Length);
        return palette.Commands.Select(command => $"{palette.ModuleName} {command.Name.PadRight(width)}  {command.Description}");
    }

    private void Give(CommandResponse response)
    {
        if (_isOver) return;   // what a handler says after its last word is for nobody
        _isOver = response.Final;
        _waiting.Enqueue(response);
        if (_waiting.Count == 1) Write();
        else if (_waiting.Count > MaxWaiting) Context.Stop(Self);
    }

    private void Write()
    {
        CommandResponse response = _waiting.Peek();
        byte[] line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { msg = response.Msg, final = response.Final, error = response.IsError }) + "\n");
        Start(PatienceOver.Instance, ReadingPatience);
        WriteAsync(line).PipeTo(Self, Self, _ => new Written(response.Final), _ => Gone.Instance);
    }

    private async Task<bool> WriteAsync(ReadOnlyMemory<byte> line)
    {
        await _stream.WriteAsync(line).ConfigureAwait(false);
        return true;
    }

    private void OnOver()
    {
        _waiting.Clear();
        Timers.Cancel(Quiet.Instance);
        Become(Idle);
        Start(PatienceOver.Instance, TypingPatience);
        if (_next is { } line) OnTyped(line);
    }

    private void Start(object timer, TimeSpan after) => Timers.StartSingleTimer(timer, timer, after);

    private sealed record Typed(string Line);

    private sealed record Written(bool IsFinal);

    private sealed class Quiet
    {
        public static readonly Quiet Instance = new();
    }

    private sealed class Gone
    {
        public static readonly Gone Instance = new();
    }

    private sealed class PatienceOver
    {
        public static readonly PatienceOver Instance = new();
    }
}
