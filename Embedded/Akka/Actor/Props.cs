using System.Linq.Expressions;
using System.Reflection;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Recipe for an actor; immutable, and used again for every restart.</summary>
public class Props
{
    public Props(Type type, SupervisorStrategy? supervisorStrategy, params object[] args)
    {
        Type = type;
        SupervisorStrategy = supervisorStrategy!; // null: the actor's own
        Arguments = args ?? [];
    }

    private Props(Props copy)
    {
        Type = copy.Type;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
        Dispatcher = copy.Dispatcher;
        Mailbox = copy.Mailbox;
    }

    public Type Type { get; }
    public object[] Arguments { get; }
    public SupervisorStrategy SupervisorStrategy { get; private init; }
    public string Dispatcher { get; private init; } = Dispatchers.DefaultDispatcherId;
    public string Mailbox { get; private init; } = "";

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => new(typeof(TActor), null, args);
    public static Props Create(Type type, params object[] args) => new(type, null, args);

    /// <summary>The expression must be <c>new TActor(…)</c>; its arguments are evaluated here, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        return factory.Body is NewExpression creation
            ? new Props(typeof(TActor), supervisorStrategy, [.. creation.Arguments.Select(Evaluate)])
            : throw new ArgumentException("The factory has to be a constructor call: () => new TActor(…)", nameof(factory));
    }

    public Props WithDispatcher(string dispatcher) => new(this) { Dispatcher = dispatcher };
    public Props WithMailbox(string mailbox) => new(this) { Mailbox = mailbox };
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    public virtual ActorBase NewActor()
    {
        try
        {
            return (ActorBase)Activator.CreateInstance(Type, Arguments)!; // only Nullable<T> gives null
        }
        catch (Exception e)
        {
            throw new TypeLoadException($"{Type} could not be constructed from ({string.Join(", ", Arguments)})", e);
        }
    }

    /// <summary>Constants and captured variables without the compiler, because actors are created often.</summary>
    private static object Evaluate(Expression argument) => argument switch
    {
        ConstantExpression constant => constant.Value!, // null is an argument like any other
        MemberExpression { Member: FieldInfo field, Expression: ConstantExpression closure } => field.GetValue(closure.Value)!, // as above
        _ => Expression.Lambda<Func<object>>(Expression.Convert(argument, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
