using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>Finds out whether the product reads a setting: a call of its getter in the code of its assembly, outside the settings themselves.</summary>
internal static class Readers
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string Settings = typeof(SmcSettings).Namespace!;

    public static bool Any(MethodInfo getter)
    {
        Span<byte> token = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(token, getter.MetadataToken);
        foreach (MethodBase method in getter.Module.GetTypes().Where(type => type != getter.DeclaringType && type.Namespace != Settings).SelectMany(MethodsOf))
        {
            if (Calls(method.GetMethodBody()?.GetILAsByteArray(), token)) return true;
        }

        return false;
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything));

    private static bool Calls(ReadOnlySpan<byte> code, ReadOnlySpan<byte> token)
    {
        for (int at = 1; at + token.Length <= code.Length; at++)
        {
            bool isCall = code[at - 1] == OpCodes.Call.Value || code[at - 1] == OpCodes.Callvirt.Value;
            if (isCall && code.Slice(at, token.Length).SequenceEqual(token)) return true;
        }

        return false;
    }
}
