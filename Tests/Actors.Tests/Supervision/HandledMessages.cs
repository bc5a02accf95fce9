using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Smc.Actors;

namespace Actors.Tests.Supervision;

/// <summary>
/// Which messages an actor handles, read from its code: the types that its methods tell apart, and those that it gives Receive a handler for.
/// A message that somebody adds is found without anybody's doing.
/// </summary>
internal static class HandledMessages
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private const byte LongOpCode = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    /// <summary>Every actor class of the product.</summary>
    public static IReadOnlyList<Type> Actors { get; } =
        [.. typeof(SmcRuntime).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ActorBase)) && !type.IsAbstract).OrderBy(type => type.Name)];

    /// <summary>The messages of an actor, interfaces by all that implement them.</summary>
    public static IReadOnlyList<Type> Of(Type actor) =>
        [.. Methods(actor).SelectMany(TypesOf).Where(IsMessage).SelectMany(Concrete).Distinct().OrderBy(type => type.Name)];

    /// <summary>The actor class of a name.</summary>
    public static Type Actor(string name) => Actors.Single(actor => actor.Name == name);

    /// <summary>The message of a name that an actor handles; or its constructor, or its start.</summary>
    public static Type Message(string actor, string name) => Of(Actor(actor)).Concat([CrashPlan.Constructor, CrashPlan.Start]).Single(message => message.Name == name);

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)).Where(method => method.GetMethodBody() is not null)
            .Concat(type.GetNestedTypes(Declared).Where(nested => nested.IsDefined(typeof(CompilerGeneratedAttribute))).SelectMany(Methods));

    private static IEnumerable<Type> TypesOf(MethodBase method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == LongOpCode ? (short)((LongOpCode << 8) | code[at + 1]) : code[at];
            OpCode operation = OpCodesByValue[value];
            at += operation.Size;
            if (operation == OpCodes.Isinst) yield return method.Module.ResolveType(BitConverter.ToInt32(code, at), Arguments(method.DeclaringType), Arguments(method));
            if (operation == OpCodes.Call && ReceivedBy(method.Module.ResolveMethod(BitConverter.ToInt32(code, at), Arguments(method.DeclaringType), Arguments(method))!) is { } received)
                yield return received;
            at += OperandSize(operation, code, at);
        }
    }

    private static Type? ReceivedBy(MethodBase called) =>
        called.IsGenericMethod && called.Name.StartsWith("Receive", StringComparison.Ordinal) && typeof(ActorBase).IsAssignableFrom(called.DeclaringType)
            ? called.GetGenericArguments()[0]
            : null;

    private static Type[] Arguments(MemberInfo? member) => member switch
    {
        Type { IsGenericType: true } type => type.GetGenericArguments(),
        MethodInfo { IsGenericMethod: true } method => method.GetGenericArguments(),
        _ => [],
    };

    private static int OperandSize(OpCode operation, byte[] code, int at) => operation.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => (BitConverter.ToInt32(code, at) + 1) * sizeof(int),
        _ => 4,
    };

    private static bool IsMessage(Type type) =>
        type == typeof(Status.Failure)
        || (type.Assembly == typeof(SmcRuntime).Assembly && (type.IsInterface || typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type) || IsPrivateMessage(type)));

    /// <summary>What an actor tells itself: a record of its own.</summary>
    private static bool IsPrivateMessage(Type type) =>
        type is { IsNested: true, IsNestedPrivate: true } && type.DeclaringType!.IsSubclassOf(typeof(ActorBase)) && type.GetMethod("<Clone>$") is not null;

    private static IEnumerable<Type> Concrete(Type type) =>
        type is { IsInterface: false, IsAbstract: false }
            ? [type]
            : typeof(SmcRuntime).Assembly.GetTypes().Where(other => other is { IsInterface: false, IsAbstract: false } && typeof(INoSerializationVerificationNeeded).IsAssignableFrom(other) && type.IsAssignableFrom(other));
}
