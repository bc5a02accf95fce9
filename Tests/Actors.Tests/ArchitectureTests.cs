using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security;
using Actors.Tests.Harness;
using Actors.Tests.Supervision;
using Akka.Actor;
using Smc.Actors;
using Smc.Actors.Settings;
using Smc.Transport;

namespace Actors.Tests;

/// <summary>Control plane = actors, data plane = memory: what may not be found in the one.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Assembly Product = typeof(SmcRuntime).Assembly;

    private static readonly HashSet<Type> Payloads =
    [
        typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>), typeof(ReadOnlySequence<byte>), typeof(ArraySegment<byte>),
        typeof(IMemoryOwner<byte>), typeof(Stream), typeof(object), typeof(nint), typeof(nuint),
    ];

    [Fact]
    public void Actors_are_compiled_without_unsafe_code() =>
        Assert.False(Product.ManifestModule.IsDefined(typeof(UnverifiableCodeAttribute)), "Smc.Actors allows unsafe blocks");

    [Fact]
    public void Actors_call_no_library_of_the_system()
    {
        IEnumerable<string> doors = Product.GetTypes().SelectMany(t => t.GetMethods(Everything))
            .Where(m => (m.Attributes & MethodAttributes.PinvokeImpl) != 0 || m.IsDefined(typeof(LibraryImportAttribute)))
            .Select(m => $"{m.DeclaringType}.{m.Name}");
        Assert.Empty(doors);
    }

    [Fact]
    public void Transport_opens_its_inside_to_its_tests_only()
    {
        IEnumerable<string> friends = typeof(SmcStream).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(a => a.AssemblyName);
        Assert.Equal(["Transport.Tests", "Smc.Peer"], friends);
    }

    [Fact]
    public void Transport_knows_nothing_of_actors() =>
        Assert.DoesNotContain(typeof(SmcStream).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void No_message_carries_payload()
    {
        Type[] messages = [.. Product.GetTypes().Where(IsMessage)];
        Assert.True(messages.Length > 30, $"only {messages.Length} messages were found");
        IEnumerable<string> carriers =
            from message in messages
            from property in message.GetProperties(Everything)
            where Payloads.Contains(property.PropertyType)
            select $"{message.Name}.{property.Name}";
        Assert.Empty(carriers);
    }

    [Fact]
    public void Messages_are_immutable()
    {
        IEnumerable<string> mutable =
            from message in Product.GetTypes().Where(IsMessage)
            from property in message.GetProperties(Everything)
            where IsMutable(property)
            select $"{message.Name}.{property.Name}";
        Assert.Empty(mutable);
    }

    /// <summary>A runtime may live in a system that serializes messages to try them out.</summary>
    [Fact]
    public void Messages_are_never_serialized()
    {
        IEnumerable<Type> handled = HandledMessages.Actors.SelectMany(HandledMessages.Of).Where(message => message.Assembly == Product);
        Assert.All(handled, message => Assert.True(typeof(INoSerializationVerificationNeeded).IsAssignableFrom(message), message.FullName));
    }

    [Fact]
    public void Settings_are_immutable_and_so_is_what_is_in_them()
    {
        Type[] settings = [.. Within(typeof(SmcSettings))];
        Assert.True(settings.Length > 12, $"only {settings.Length} types were found");
        IEnumerable<string> mutable =
            from type in settings
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance)
            where member is PropertyInfo property ? IsMutable(property) || IsOpen(property.PropertyType) : member is FieldInfo { IsInitOnly: false }
            select $"{type.Name}.{member.Name}";
        Assert.Empty(mutable);
        static bool IsOpen(Type type) => type.IsArray || (type.IsGenericType && typeof(System.Collections.IList).IsAssignableFrom(type));
    }

    [Theory]
    [InlineData("Actors")]
    [InlineData("Transport")]
    [InlineData("Host")]
    public void Both_builds_compile_the_same_lines(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Repository.Folder, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        Assert.True(files.Length > 20, $"only {files.Length} files were found");
        IEnumerable<string> conditional = files.SelectMany(file => File.ReadLines(file)
            .Where(line => line.TrimStart() is ['#', .. var rest] && rest.TrimStart().StartsWith("if", StringComparison.Ordinal))
            .Select(line => $"{file}: {line}"));
        Assert.Empty(conditional);
    }

    [Fact]
    public void Every_actor_has_a_kind_of_life_that_its_name_says() =>
        Assert.All(Product.GetTypes().Where(t => t.IsSubclassOf(typeof(ActorBase))), t => Assert.Matches("(Actor|Supervisor)$", t.Name));

    private static bool IsMutable(PropertyInfo property) =>
        property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    /// <summary>A type and those of this repository that are found in its properties.</summary>
    private static HashSet<Type> Within(Type root)
    {
        var found = new HashSet<Type>();
        var left = new Stack<Type>([root]);
        while (left.TryPop(out Type? type))
        {
            foreach (Type argument in type.GetGenericArguments()) left.Push(argument);
            if (type.IsEnum || type.Namespace?.StartsWith("Smc.", StringComparison.Ordinal) != true || !found.Add(type)) continue;
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)) left.Push(property.PropertyType);
        }

        return found;
    }

    private static bool IsMessage(Type type) =>
        type is { IsAbstract: false, IsInterface: false }
        && (type.Namespace == "Smc.Actors.Protocol" || typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type))
        && !type.IsSubclassOf(typeof(Delegate))
        && !type.IsDefined(typeof(CompilerGeneratedAttribute));
}
