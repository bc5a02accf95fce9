using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Dispatch;
using Smc.Actors.Dispatch;

namespace Smc.Actors.Settings;

/// <summary>
/// The keys of a dispatcher's section: those of Akka.NET's that mean something for the control plane or a completion vector. A value that has
/// not the form or not the range stops the start, as everywhere in <c>smc</c>.
/// </summary>
internal static class DispatcherKeys
{
    private const int MostThroughput = 65536;

    private const string TypeKey = "type";
    private const string ExecutorKey = "executor";

    /// <summary>The types that have a name.</summary>
    public static IReadOnlyList<string> Types { get; } = ["Dispatcher", "PinnedDispatcher"];

    /// <summary>The executors that have a name, and need no section of their own.</summary>
    public static IReadOnlyList<string> Executors { get; } = ["default-executor", "thread-pool-executor"];

    /// <summary>What Akka makes a dispatcher's configurator of, and an executor's.</summary>
    private static readonly Type[] OfDispatchers = [typeof(Config), typeof(IDispatcherPrerequisites)];

    private static readonly Dictionary<string, Action<SectionReader, string>> Checks = new()
    {
        [TypeKey] = ClassOf<MessageDispatcherConfigurator>(OfDispatchers, Types),
        [ExecutorKey] = ClassOf<ExecutorServiceConfigurator>(
            OfDispatchers, Executors, $", not {nameof(CompletionQueueExecutorConfigurator)}", static name => !CompletionDispatchers.IsExecutor(name)),
        ["throughput"] = static (section, key) => section.Number(key, 1, MostThroughput),
        ["throughput-deadline-time"] = static (section, key) => section.DurationOrNone(key),
        ["shutdown-timeout"] = static (section, key) => section.Duration(key),
        ["mailbox-type"] = ClassOf<MailboxType>([typeof(Akka.Actor.Settings), typeof(Config)], []),
    };

    /// <summary>The dispatcher of a completion vector has that vector's thread and no other: its queues take no second one, and no actor from elsewhere.</summary>
    private static readonly Dictionary<string, Action<SectionReader, string>> VectorChecks = new(Checks)
    {
        [TypeKey] = Only(Types[0], static text => text == Types[0]),
        [ExecutorKey] = Only(CompletionDispatchers.ExecutorName, CompletionDispatchers.IsExecutor),
    };

    /// <summary>Checks the sections of all dispatchers.</summary>
    /// <param name="smc">The section <c>smc</c>, defaults included.</param>
    /// <exception cref="ConfigurationException">Names the key, the value and what is allowed.</exception>
    public static void Check(Config smc)
    {
        foreach (string dispatcher in smc.AsEnumerable().Select(entry => entry.Key).Where(SmcKeys.IsDispatcher))
        {
            var section = new SectionReader(smc, dispatcher);
            Dictionary<string, Action<SectionReader, string>> checks = CompletionDispatchers.IsOne(dispatcher) ? VectorChecks : Checks;
            foreach (string key in smc.GetConfig(dispatcher).AsEnumerable().Select(entry => entry.Key))
            {
                if (IsVector(dispatcher, key)) CheckVector(section, dispatcher);
                else if (checks.TryGetValue(key, out Action<SectionReader, string>? check)) check(section, key);
            }
        }
    }

    /// <summary>The keys of one dispatcher that nobody reads, each with the known one that is nearest.</summary>
    /// <param name="dispatcher">Its name, without <c>smc.</c>.</param>
    /// <param name="section">What a configuration says of it.</param>
    public static IEnumerable<(string Key, string Nearest)> FindUnknown(string dispatcher, HoconValue section) =>
        from key in section.GetObject().Items.Keys
        where !Checks.ContainsKey(key) && !IsVector(dispatcher, key)
        select (key, NearestName.Of(key, Checks.Keys));

    private static bool IsVector(string dispatcher, string key) => key == CompletionDispatchers.VectorKey && CompletionDispatchers.IsOne(dispatcher);

    private static void CheckVector(SectionReader section, string dispatcher) => section.Text(
        CompletionDispatchers.VectorKey, CompletionDispatchers.NumberRule, text => dispatcher.EndsWith($"-{text}", StringComparison.Ordinal) ? text : throw new FormatException());

    private static Action<SectionReader, string> Only(string allowed, Func<string, bool> isAllowed) =>
        (section, key) => section.Text(key, allowed, text => isAllowed(text) ? text : throw new FormatException());

    /// <summary>One of the names, or a class that Akka can make, and is not excepted.</summary>
    private static Action<SectionReader, string> ClassOf<T>(
        Type[] arguments, IReadOnlyList<string> names, string exception = "", Func<string, bool>? isAllowed = null)
    {
        string allowed = string.Join(" or ", names.Append($"the class of a {typeof(T).Name}, with its assembly")) + exception;
        return (section, key) => section.Text(key, allowed, text =>
            names.Contains(text) || (NamedClass.CanMake<T>(text, arguments) && isAllowed?.Invoke(text) != false) ? text : throw new FormatException());
    }
}
