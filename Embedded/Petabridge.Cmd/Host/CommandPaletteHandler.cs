using Akka.Actor;

namespace Petabridge.Cmd.Host;

/// <summary>A palette and who answers it: one handler actor for each client that connects.</summary>
public abstract class CommandPaletteHandler(CommandPalette palette)
{
    public CommandPalette Palette { get; } = palette;
    public abstract Props HandlerProps { get; }

    public virtual void OnRegister(PetabridgeCmd plugin)
    {
    }
}

/// <summary>Answers the commands of a palette. The client is the sender.</summary>
public abstract class CommandHandlerActor : ReceiveActor
{
    private readonly Dictionary<string, Action<Command>> _handlers = [];

    protected CommandHandlerActor(CommandPalette palette)
    {
        Palette = palette;
        Receive<Command>(command =>
        {
            if (_handlers.TryGetValue(command.Name, out Action<Command>? handler)) handler(command);
            else Sender.Tell(new ErroredCommandResponse($"{palette.ModuleName} does not answer '{command.Name}'"));
        });
    }

    protected CommandPalette Palette { get; }

    protected void Process(string commandName, Action<Command> handler) => _handlers[commandName] = handler;
}
