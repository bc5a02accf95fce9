using System.Linq.Expressions;
using System.Reflection;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Recipe for an actor; immutable, and used again for every restart.</summary>
public class Props : IEquatable<Props>
{
    private readonly Func<ActorBase>? _factory;

    public Props(Type type, object[] args) : this(type, null, args) { }

    public Props(Type type) : this(type, null, []) { }

    public Props(Type type, SupervisorStrategy? supervisorStrategy, params object[] args)
    {
        Type = type;
        SupervisorStrategy = supervisorStrategy!; // null: the actor's own
        Arguments = args ?? [];
    }

    private Props(Type type, Func<ActorBase> factory) : this(type) => _factory = factory;

    private Props(Props copy)
    {
        _factory = copy._factory;
        Type = copy.Type;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
        Dispatcher = copy.Dispatcher;
        Mailbox = copy.Mailbox;
    }

    public Type Type { get; }
    public string TypeName => Type.AssemblyQualifiedName!; // actor types have one
    public object[] Arguments { get; }
    public SupervisorStrategy SupervisorStrategy { get; private init; }
    public string Dispatcher { get; private init; } = Dispatchers.DefaultDispatcherId;
    public string Mailbox { get; private init; } = "";

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => new(typeof(TActor), args);
    public static Props Create(Type type, params object[] args) => new(type, args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy);

    /// <summary>The expression must be <c>new TActor(…)</c>; its arguments are evaluated here, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        switch (factory.Body)
        {
            case NewExpression creation:
                return new Props(typeof(TActor), supervisorStrategy, [.. creation.Arguments.Select(Evaluate)]);
            case UnaryExpression:
                return new Props(typeof(TActor), factory.Compile()) { SupervisorStrategy = supervisorStrategy! }; // null: the actor's own
            default:
                throw new ArgumentException("The factory has to be a constructor call: () => new TActor(…)", nameof(factory));
        }
    }

    public Props WithDispatcher(string dispatcher) => new(this) { Dispatcher = dispatcher };
    public Props WithMailbox(string mailbox) => new(this) { Mailbox = mailbox };
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    public virtual ActorBase NewActor()
    {
        try
        {
            return _factory?.Invoke() ?? (ActorBase)Activator.CreateInstance(Type, Arguments)!; // only Nullable<T> gives null
        }
        catch (Exception e)
        {
            throw new TypeLoadException($"{Type} could not be constructed from ({string.Join(", ", Arguments)})", e);
        }
    }

    public bool Equals(Props? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && _factory == other._factory && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox
            && Equals(SupervisorStrategy, other.SupervisorStrategy) && Arguments.SequenceEqual(other.Arguments));

    public override bool Equals(object? obj) => Equals(obj as Props);
    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher, Mailbox, Arguments.Length);

    /// <summary>Constants and captured variables without the compiler, because actors are created often.</summary>
    private static object Evaluate(Expression argument) => argument switch
    {
        ConstantExpression constant => constant.Value!, // null is an argument like any other
        MemberExpression { Member: FieldInfo field, Expression: ConstantExpression closure } => field.GetValue(closure.Value)!, // as above
        _ => Expression.Lambda<Func<object>>(Expression.Convert(argument, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
