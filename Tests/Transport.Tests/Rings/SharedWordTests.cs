using System.Reflection;
using System.Reflection.Emit;
using Smc.Transport.Rings;

namespace Smc.Transport.Tests.Rings;

/// <summary>
/// Each shared word is loaded once a decision: what a peer changes between two loads would be checked in one value and used in another. Read off
/// the code that is compiled, because a race only ever shows that it happened: every load is a Volatile.Read, which is never made twice.
/// </summary>
public sealed class SharedWordTests
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static TheoryData<string, string[]> Decisions => new()
    {
        { "ReceiveRing.TryRefresh", ["_consumerWord", "_producerWord"] },   // in this order: an end never overtakes data
        { "ReceiveRing.LooksChanged", [] },
        { "ReceiveRing.HasProducerMoved", ["_producerWord"] },
        { "ReceiveRing.PeekState", ["_consumerWord"] },
        { "ReceiveRing.Touched", ["_producerWord"] },
        { "ReceiveRing.Read", [] },
        { "ReceiveRing.IsUpdateDue", [] },
        { "ReceiveRing.Confirm", [] },
        { "ReceiveRing.End", [] },
        { "SendRing.TryRefresh", ["_peerConsumerWord"] },
        { "SendRing.LooksChanged", ["_peerConsumerWord"] },
        { "SendRing.Write", [] },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_decision_loads_each_shared_word_once(string decision, string[] words)
    {
        Step[] steps = [.. StepsOf(MethodOf(decision))];
        Step[] loads = [.. steps.Where(step => IsWord(step.Operand))];
        Assert.Equal(words, loads.Select(load => ((FieldInfo)load.Operand!).Name));
        Assert.All(loads, load => Assert.Equal("Read", VolatileAfter(steps, load)));
    }

    [Fact]
    public void No_other_method_of_the_rings_touches_a_shared_word()
    {
        string[] known = [.. Decisions.Select(decision => (string)decision[0])];
        string[] others = [.. new[] { typeof(ReceiveRing), typeof(SendRing) }
            .SelectMany(Methods)
            .Where(method => StepsOf(method).Any(step => IsWord(step.Operand)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Except(known)];
        Assert.Empty(others);
    }

    [Fact]
    public void Own_words_are_stored_to_and_never_loaded()
    {
        foreach (MethodInfo method in Methods(typeof(CdcPublisher)))
        {
            Step[] steps = [.. StepsOf(method)];
            int words = steps.Count(step => IsWord(step.Operand));
            Assert.Equal(words, steps.Count(step => step.Operand is MethodInfo { Name: "Write" } called && called.DeclaringType == typeof(Volatile)));
            Assert.All(steps.Where(step => IsWord(step.Operand)), load => Assert.NotEqual("Read", VolatileAfter(steps, load)));
            Assert.DoesNotContain(steps, step => step.Code.Name!.StartsWith("ldind", StringComparison.Ordinal));
        }
    }

    private static bool IsWord(object? operand) => operand is FieldInfo field && field.FieldType == typeof(ulong*);

    /// <summary>The method of Volatile that takes the address right as it was loaded; null where something else does.</summary>
    private static string? VolatileAfter(Step[] steps, Step load) =>
        steps[Array.IndexOf(steps, load) + 1].Operand is MethodInfo called && called.DeclaringType == typeof(Volatile) ? called.Name : null;

    private static MethodInfo MethodOf(string decision)
    {
        string[] names = decision.Split('.');
        Type ring = names[0] == nameof(ReceiveRing) ? typeof(ReceiveRing) : typeof(SendRing);
        return Methods(ring).Single(method => method.Name == names[1]);
    }

    private static MethodInfo[] Methods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static IEnumerable<Step> StepsOf(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int at = 0; at < code.Length;)
        {
            const byte TwoBytes = 0xFE;
            short value = code[at] == TwoBytes ? unchecked((short)((TwoBytes << 8) | code[at + 1])) : code[at];
            OpCode found = Codes[value];
            at += found.Size;
            yield return new Step(at, found, OperandOf(method, found, code, at));
            at += OperandBytes(found, code, at);
        }
    }

    private static object? OperandOf(MethodInfo method, OpCode found, byte[] code, int at) => found.OperandType switch
    {
        OperandType.InlineField => method.Module.ResolveField(BitConverter.ToInt32(code, at)),
        OperandType.InlineMethod => method.Module.ResolveMethod(BitConverter.ToInt32(code, at)),
        _ => null,
    };

    private static int OperandBytes(OpCode found, byte[] code, int at) => found.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => sizeof(byte),
        OperandType.InlineVar => sizeof(short),
        OperandType.InlineI8 or OperandType.InlineR => sizeof(long),
        OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(code, at)),
        _ => sizeof(int),
    };

    private sealed record Step(int At, OpCode Code, object? Operand);
}
