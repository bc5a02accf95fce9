using Akka.Configuration;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>What stands in the sections of the runtime's dispatchers is checked as every other setting is.</summary>
public sealed class DispatcherKeysTests
{
    private const string Types = "Dispatcher or PinnedDispatcher or the class of a MessageDispatcherConfigurator";

    private const string Executors =
        "default-executor or thread-pool-executor or the class of a ExecutorServiceConfigurator, not CompletionQueueExecutorConfigurator";

    private const string VectorExecutor = "the class CompletionQueueExecutorConfigurator";

    private const string OfVectors = "Smc.Actors.Dispatch.CompletionQueueExecutorConfigurator, Smc.Actors";

    private const string OfControlPlane = "Smc.Actors.Dispatch.ControlPlaneExecutorConfigurator, Smc.Actors";

    [Theory]
    [InlineData("control-dispatcher.throughput", "0", "1 to 65536")]
    [InlineData("control-dispatcher.throughput", "65537", "1 to 65536")]
    [InlineData("control-dispatcher.throughput", "many", "1 to 65536")]
    [InlineData("cq-dispatcher-0.throughput", "-1", "1 to 65536")]
    [InlineData("cq-dispatcher-11.throughput", "0", "1 to 65536")]
    [InlineData("control-dispatcher.type", "Dispatchr", Types)]
    [InlineData("control-dispatcher.executor", "pool", Executors)]
    [InlineData("control-dispatcher.executor", "fork-join-executor", Executors)]
    [InlineData("control-dispatcher.executor", "task-executor", Executors)]
    [InlineData("control-dispatcher.executor", $"\"{OfVectors}\"", Executors, OfVectors)]
    [InlineData("cq-dispatcher-0.executor", "default-executor", VectorExecutor)]
    [InlineData("cq-dispatcher-1.executor", "thread-pool-executor", VectorExecutor)]
    [InlineData("cq-dispatcher-0.executor", $"\"{OfControlPlane}\"", VectorExecutor, OfControlPlane)]
    [InlineData("cq-dispatcher-11.executor", "\"System.String\"", VectorExecutor, "System.String")]
    [InlineData("cq-dispatcher-0.type", "PinnedDispatcher", "Dispatcher")]
    [InlineData("control-dispatcher.throughput-deadline-time", "soon", "a duration of at most 24d")]
    [InlineData("control-dispatcher.throughput-deadline-time", "25d", "a duration of at most 24d")]
    [InlineData("control-dispatcher.shutdown-timeout", "0s", "a duration above 0, at most 24d")]
    [InlineData("control-dispatcher.mailbox-type", "Nowhere", "the class of a MailboxType")]
    [InlineData("cq-dispatcher-1.vector", "2", "the number in the dispatcher's name")]
    public async Task A_bad_value_stops_the_start_and_is_named_with_its_key_and_what_is_allowed(string key, string value, string rule, string? named = null)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync($"smc.{key} = {value}"));
        Assert.Equal($"smc.{key} must be {rule}, was {named ?? value}.", refusal.Message);
    }

    [Theory]
    [InlineData("control-dispatcher { throughput = 1, throughput-deadline-time = 0, shutdown-timeout = 24d }")]
    [InlineData("control-dispatcher { type = PinnedDispatcher, executor = thread-pool-executor, mailbox-requirement = \"\" }")]
    [InlineData("cq-dispatcher-0 { throughput = 65536, vector = 0, mailbox-type = \"Akka.Dispatch.UnboundedMailbox, Akka\" }")]
    [InlineData($"cq-dispatcher-0 {{ type = Dispatcher, executor = \"{OfVectors}\" }}")]
    public void A_value_in_its_range_is_taken(string hocon) => Assert.NotNull(SmcSettings.From($"smc {{ {hocon} }}"));

    [Fact]
    public void What_is_no_dispatcher_of_the_runtime_is_not_judged() =>
        Assert.NotNull(SmcSettings.From("smc.blocking-dispatcher { executor = own, throughput = 0 }"));
}
