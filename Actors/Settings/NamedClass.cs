using Akka.Actor;

namespace Smc.Actors.Settings;

/// <summary>Classes by their names in a configuration, as Akka takes them: a name without an assembly is looked for in Akka's own.</summary>
internal static class NamedClass
{
    /// <summary>None where there is no such class. What an assembly's name may throw is the caller's.</summary>
    public static Type? Find(string name) => name.Contains(',') ? Type.GetType(name) : typeof(ActorSystem).Assembly.GetType(name);

    /// <summary>True if Akka can make a <typeparamref name="T"/> of it: with a public constructor that takes <paramref name="arguments"/>.</summary>
    public static bool CanMake<T>(string name, Type[] arguments) =>
        Find(name) is { IsAbstract: false } type && typeof(T).IsAssignableFrom(type) && type.GetConstructor(arguments) is not null;
}
