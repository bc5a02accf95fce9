using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Smc.Actors.Dispatch;
using Smc.Actors.Settings;

namespace Actors.Tests.Dispatch;

/// <summary>The executor of a completion vector is made for that vector's own dispatcher only: two dispatchers would be two threads of one vector.</summary>
public sealed class VectorConfiguratorSpec() : TestKit(Configured())
{
    private const string Elsewhere =
        "must be no executor of a completion vector, which only smc.cq-dispatcher-0 to smc.cq-dispatcher-1 have, was Smc.Actors.Dispatch.CompletionQueueExecutorConfigurator.";

    [Theory]
    [InlineData("smc.cq-dispatcher-0", "", "smc.cq-dispatcher-0.vector must be 0 to 1, was nothing.")]
    [InlineData("smc.cq-dispatcher-0", "vector = first", "smc.cq-dispatcher-0.vector must be 0 to 1, was first.")]
    [InlineData("smc.control-dispatcher", "", $"smc.control-dispatcher.executor {Elsewhere}")]
    [InlineData("smc.cq-dispatcher-2", "vector = 2", "smc.cq-dispatcher-2.vector must be 0 to 1, was 2.")]
    [InlineData("smc.cq-dispatcher-1", "vector = -1", "smc.cq-dispatcher-1.vector must be 0 to 1, was -1.")]
    [InlineData("smc.cq-dispatcher-1", "vector = 0", "smc.cq-dispatcher-1.vector must be the number in the dispatcher's name, was 0.")]
    [InlineData("own", "vector = 0", $"own.executor {Elsewhere}")]
    public void A_dispatcher_that_is_not_the_vectors_own_is_refused(string id, string keys, string complaint)
    {
        Config section = ConfigurationFactory.ParseString($"id = \"{id}\"\n{keys}");
        var refusal = Assert.Throws<ConfigurationException>(() => new CompletionQueueExecutorConfigurator(section, Sys.Dispatchers.Prerequisites));
        Assert.Equal(complaint, refusal.Message);
    }

    private static Config Configured() => ConfigurationFactory.ParseString("smc.cq.vectors = 2").WithFallback(SmcSettings.Reference);
}
