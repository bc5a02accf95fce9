namespace Akka.Actor;

/// <summary>An actor whose behaviours are lists of typed handlers; the first one that matches takes the message.</summary>
public abstract class ReceiveActor : UntypedActor
{
    private Handlers? _building;
    private readonly Handlers _initial;

    protected ReceiveActor() => _building = _initial = new Handlers();

    private Handlers Building => _building ?? throw new InvalidOperationException(
        "Handlers are added in the constructor and inside Become, nowhere else.");

    protected sealed override void OnReceive(object message)
    {
        _building = null; // construction is over
        if (!_initial.Handle(message))
        {
            Unhandled(message);
        }
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> adds.</summary>
    protected void Become(Action configure) => Context.Become(Configure(configure));

    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Configure(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Building.Add(typeof(T) == typeof(object) && shouldHandle is null, message =>
        {
            if (message is not T typed || !(shouldHandle?.Invoke(typed) ?? true))
            {
                return false;
            }
            handler(typed);
            return true;
        });

    /// <summary>The handler itself says whether it took the message.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Building.Add(false, message => message is T typed && handler(typed));

    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>The mailbox waits until the handler's task is done.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(message => RunTask(() => handler(message)), shouldHandle);

    private Receive Configure(Action configure)
    {
        var outer = _building;
        var handlers = new Handlers();
        _building = handlers;
        try
        {
            configure();
        }
        finally
        {
            _building = outer;
        }
        return handlers.Handle;
    }

    private sealed class Handlers
    {
        private readonly List<Receive> _handlers = [];
        private bool _catchesAll;

        public void Add(bool catchesAll, Receive handler)
        {
            if (_catchesAll)
            {
                throw new InvalidOperationException("The previous handler takes every message, so this one would never run.");
            }
            _catchesAll = catchesAll;
            _handlers.Add(handler);
        }

        public bool Handle(object message)
        {
            foreach (var handler in _handlers)
            {
                if (handler(message))
                {
                    return true;
                }
            }
            return false;
        }
    }
}
