using System.Globalization;
using System.Text;
using Akka.Configuration;
using Smc.Actors.Settings;

namespace Smc.Actors.Dispatch;

/// <summary>
/// The dispatchers of the completion vectors, <c>smc.cq-dispatcher-0</c> and so on, as configuration: Akka finds a dispatcher by its path there.
/// It is a fallback, so that an application may give one of them another throughput.
/// </summary>
internal static class CompletionDispatchers
{
    /// <summary>The key of a vector's number in the section of its dispatcher.</summary>
    public const string VectorKey = "vector";

    /// <summary>What is allowed there.</summary>
    public const string NumberRule = "the number in the dispatcher's name";

    private const string Name = "cq-dispatcher-";

    private static readonly Type Executor = typeof(CompletionQueueExecutorConfigurator);

    /// <summary>The executor of vectors, as a configuration names it.</summary>
    public static string ExecutorName { get; } = $"{Executor.FullName}, {Executor.Assembly.GetName().Name}";

    /// <summary>What an actor of a vector names as its dispatcher.</summary>
    /// <param name="vector">0 up to, and without, <see cref="CompletionVectorSettings.Vectors"/>.</param>
    public static string IdOf(int vector) => SmcKeys.FullNameOf($"{Name}{vector}");

    /// <summary>True for the executor of vectors.</summary>
    /// <param name="executor">The name of a class, as it stands in a configuration.</param>
    public static bool IsExecutor(string executor) => NamedClass.Find(executor) == Executor;

    /// <summary>True for what is named as such a dispatcher is.</summary>
    /// <param name="path">Without <c>smc.</c>.</param>
    public static bool IsOne(string path) =>
        path.StartsWith(Name, StringComparison.Ordinal) && int.TryParse(path.AsSpan(Name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The vector of a dispatcher that names the executor of vectors.</summary>
    /// <param name="id">The dispatcher.</param>
    /// <param name="section">Its section.</param>
    /// <param name="settings">Of all vectors.</param>
    /// <exception cref="ConfigurationException">The dispatcher is none of these, or its number is none or another's: two would be two threads of one vector.</exception>
    public static int VectorOf(string id, Config section, CompletionVectorSettings settings)
    {
        int last = settings.Vectors - 1;
        string own = $"{SmcKeys.Root}.";
        if (!id.StartsWith(own, StringComparison.Ordinal) || !IsOne(id[own.Length..]))
            throw Bad(id, "executor", $"no executor of a completion vector, which only {IdOf(0)} to {IdOf(last)} have", Executor.FullName!);
        string? text = SettingText.TryGet(section.GetValue(VectorKey));
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int vector) || vector > last)
            throw Bad(id, VectorKey, $"0 to {last}", text ?? SettingText.Nothing);
        return id == IdOf(vector) ? vector : throw Bad(id, VectorKey, NumberRule, text);
    }

    /// <summary>One section a vector.</summary>
    public static Config For(CompletionVectorSettings settings)
    {
        var text = new StringBuilder();
        for (int vector = 0; vector < settings.Vectors; vector++)
        {
            text.AppendLine($"{IdOf(vector)} {{").AppendLine("type = Dispatcher")
                .AppendLine($"executor = \"{ExecutorName}\"")
                .AppendLine($"throughput = {settings.Throughput}").AppendLine($"{VectorKey} = {vector}").AppendLine("}");
        }

        return ConfigurationFactory.ParseString(text.ToString());
    }

    private static ConfigurationException Bad(string id, string key, string allowed, string value) => new($"{id}.{key} must be {allowed}, was {value}.");
}
