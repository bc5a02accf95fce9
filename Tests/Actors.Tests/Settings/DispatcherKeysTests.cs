using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Smc.Actors;
using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

/// <summary>What stands in the sections of the runtime's dispatchers is checked as every other setting is.</summary>
public sealed class DispatcherKeysTests
{
    private const string Types = "Dispatcher or PinnedDispatcher or the class of a MessageDispatcherConfigurator, with its assembly";

    private const string Executors =
        "default-executor or thread-pool-executor or the class of a ExecutorServiceConfigurator, with its assembly, not CompletionQueueExecutorConfigurator";

    private const string MailboxTypes = "the class of a MailboxType, with its assembly";

    private const string VectorsClass = "Smc.Actors.Dispatch.CompletionQueueExecutorConfigurator";

    private const string OfVectors = $"{VectorsClass}, Smc.Actors";

    private const string ControlPlaneClass = "Smc.Actors.Dispatch.ControlPlaneExecutorConfigurator";

    private const string OfControlPlane = $"{ControlPlaneClass}, Smc.Actors";

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
    [InlineData("cq-dispatcher-0.executor", "default-executor", OfVectors)]
    [InlineData("cq-dispatcher-1.executor", "thread-pool-executor", OfVectors)]
    [InlineData("cq-dispatcher-0.executor", $"\"{OfControlPlane}\"", OfVectors, OfControlPlane)]
    [InlineData("cq-dispatcher-11.executor", "\"System.String\"", OfVectors, "System.String")]
    [InlineData("cq-dispatcher-0.type", "PinnedDispatcher", "Dispatcher")]
    [InlineData("control-dispatcher.throughput-deadline-time", "soon", "a duration of at most 24d")]
    [InlineData("control-dispatcher.throughput-deadline-time", "25d", "a duration of at most 24d")]
    [InlineData("control-dispatcher.shutdown-timeout", "0s", "a duration above 0, at most 24d")]
    [InlineData("control-dispatcher.mailbox-type", "Nowhere", MailboxTypes)]
    [InlineData("control-dispatcher.executor", ControlPlaneClass, Executors)]
    [InlineData("cq-dispatcher-0.executor", VectorsClass, OfVectors)]
    [InlineData("control-dispatcher.executor", "\"Akka.Dispatch.ExecutorServiceConfigurator, Akka\"", Executors, "Akka.Dispatch.ExecutorServiceConfigurator, Akka")]
    [InlineData("control-dispatcher.type", "\"Akka.Dispatch.MessageDispatcherConfigurator, Akka\"", Types, "Akka.Dispatch.MessageDispatcherConfigurator, Akka")]
    [InlineData("control-dispatcher.type", $"\"{OfControlPlane}\"", Types, OfControlPlane)]
    [InlineData("control-dispatcher.mailbox-type", "\"Akka.Dispatch.MailboxType, Akka\"", MailboxTypes, "Akka.Dispatch.MailboxType, Akka")]
    [InlineData("control-dispatcher.mailbox-type", UnmadeMailbox.Quoted, MailboxTypes, UnmadeMailbox.Name)]
    [InlineData("control-dispatcher.executor", "\"X, No.Such\"", Executors, "X, No.Such")]
    [InlineData("control-dispatcher.executor", "\"X, =\"", Executors, "X, =")]
    [InlineData("cq-dispatcher-1.vector", "2", "the number in the dispatcher's name")]
    public async Task A_bad_value_stops_the_start_and_is_named_with_its_key_and_what_is_allowed(string key, string value, string rule, string? named = null)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => SmcRuntime.StartAsync($"smc.{key} = {value}"));
        Assert.Equal($"smc.{key} must be {rule}, was {named ?? value}.", refusal.Message);
    }

    [Theory]
    [InlineData("control-dispatcher { throughput = 1, throughput-deadline-time = 0, shutdown-timeout = 24d }")]
    [InlineData("control-dispatcher { type = PinnedDispatcher, executor = thread-pool-executor }")]
    [InlineData("cq-dispatcher-0 { throughput = 65536, vector = 0, mailbox-type = \"Akka.Dispatch.UnboundedMailbox, Akka\" }")]
    [InlineData("control-dispatcher { mailbox-type = Akka.Dispatch.UnboundedMailbox }")]
    [InlineData($"cq-dispatcher-0 {{ type = Dispatcher, executor = \"{OfVectors}\" }}")]
    public void A_value_in_its_range_is_taken(string hocon) => Assert.NotNull(SmcSettings.From($"smc {{ {hocon} }}"));

    [Fact]
    public void What_is_no_dispatcher_of_the_runtime_is_not_judged() =>
        Assert.NotNull(SmcSettings.From("smc.blocking-dispatcher { executor = own, throughput = 0 }"));

    /// <summary>A mailbox without the constructor that Akka calls.</summary>
    public sealed class UnmadeMailbox(string name) : MailboxType(null!, null!)
    {
        internal const string Name = "Actors.Tests.Settings.DispatcherKeysTests+UnmadeMailbox, Actors.Tests";

        internal const string Quoted = $"\"{Name}\"";

        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => throw new NotSupportedException(name);
    }
}
