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

    private const string Name = "cq-dispatcher-";

    private static readonly Type Executor = typeof(CompletionQueueExecutorConfigurator);

    /// <summary>What an actor of a vector names as its dispatcher.</summary>
    /// <param name="vector">0 up to, and without, <see cref="CompletionVectorSettings.Vectors"/>.</param>
    public static string IdOf(int vector) => SmcKeys.FullNameOf($"{Name}{vector}");

    /// <summary>True for what is named as such a dispatcher is.</summary>
    /// <param name="path">Without <c>smc.</c>.</param>
    public static bool IsOne(string path) =>
        path.StartsWith(Name, StringComparison.Ordinal) && int.TryParse(path.AsSpan(Name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>One section a vector.</summary>
    public static Config For(CompletionVectorSettings settings)
    {
        var text = new StringBuilder();
        for (int vector = 0; vector < settings.Vectors; vector++)
        {
            text.AppendLine($"{IdOf(vector)} {{").AppendLine("type = Dispatcher")
                .AppendLine($"executor = \"{Executor.FullName}, {Executor.Assembly.GetName().Name}\"")
                .AppendLine($"throughput = {settings.Throughput}").AppendLine($"{VectorKey} = {vector}").AppendLine("}");
        }

        return ConfigurationFactory.ParseString(text.ToString());
    }
}
