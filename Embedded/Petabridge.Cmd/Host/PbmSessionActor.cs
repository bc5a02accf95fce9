using System.Net.Sockets;
using System.Text.Json;
using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>
/// One client. It sends a line, <c>palette command -switch value …</c>, and gets a line of JSON for each response, the last of which is final.
/// This is the stand-in's own protocol: that of Petabridge.Cmd is not published.
/// </summary>
internal sealed class PbmSessionActor : ReceiveActor
{
    /// <summary>Responses that wait for a client who reads slowly; past it the client is dropped.</summary>
    private const int MaxWaiting = 1024;

    private const string Help = "help";

    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private readonly Dictionary<string, (CommandPalette Palette, IActorRef Handler)> _palettes = [];
    private readonly Queue<CommandResponse> _waiting = new();

    public PbmSessionActor(Socket client, IReadOnlyList<CommandPaletteHandler> handlers)
    {
        var stream = new NetworkStream(client, ownsSocket: true);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { NewLine = "\n", AutoFlush = true };
        foreach (CommandPaletteHandler handler in handlers)
            _palettes[handler.Palette.ModuleName] = (handler.Palette, Context.ActorOf(handler.HandlerProps, handler.Palette.ModuleName));
        Receive<Typed>(typed => OnTyped(typed.Line));
        Receive<CommandResponse>(Give);
        Receive<IEnumerable<CommandResponse>>(responses =>
        {
            foreach (CommandResponse response in responses) Give(response);
        });
        Receive<Written>(_ => OnWritten());
        Receive<Gone>(_ => Context.Stop(Self));
    }

    protected override void PreStart() => Read();

    protected override void PostStop() => _writer.BaseStream.Dispose();

    private void Read() => _reader.ReadLineAsync().PipeTo(Self, Self, line => line is null ? Gone.Instance : new Typed(line), _ => Gone.Instance);

    private void OnTyped(string line)
    {
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
        _waiting.Enqueue(response);
        if (_waiting.Count == 1) Write();
        else if (_waiting.Count > MaxWaiting) Context.Stop(Self);
    }

    private void Write()
    {
        CommandResponse response = _waiting.Peek();
        string line = JsonSerializer.Serialize(new { msg = response.Msg, final = response.Final, error = response.IsError });
        WriteAsync(line).PipeTo(Self, Self, _ => Written.Instance, _ => Gone.Instance);
    }

    private async Task<bool> WriteAsync(string line)
    {
        await _writer.WriteLineAsync(line).ConfigureAwait(false);
        return true;
    }

    private void OnWritten()
    {
        if (_waiting.Dequeue().Final) Read();
        if (_waiting.Count > 0) Write();
    }

    private sealed record Typed(string Line);

    private sealed class Written
    {
        public static readonly Written Instance = new();
    }

    private sealed class Gone
    {
        public static readonly Gone Instance = new();
    }
}
