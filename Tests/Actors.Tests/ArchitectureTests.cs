using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security;
using Akka.Actor;
using Smc.Actors;
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
            where property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
            select $"{message.Name}.{property.Name}";
        Assert.Empty(mutable);
    }

    [Fact]
    public void Every_actor_has_a_kind_of_life_that_its_name_says() =>
        Assert.All(Product.GetTypes().Where(t => t.IsSubclassOf(typeof(ActorBase))), t => Assert.Matches("(Actor|Supervisor)$", t.Name));

    private static bool IsMessage(Type type) =>
        type is { IsAbstract: false, IsInterface: false }
        && (type.Namespace == "Smc.Actors.Protocol" || typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type))
        && !type.IsSubclassOf(typeof(Delegate))
        && !type.IsDefined(typeof(CompilerGeneratedAttribute));
}
