using Actors.Tests.Harness;
using Akka.Dispatch;
using Smc.Actors;
using Smc.Actors.Dispatch;

namespace Actors.Tests.Dispatch;

public sealed class CompletionDispatchersTests : RendezvousTest
{
    [Fact]
    public async Task A_runtime_has_a_dispatcher_for_each_vector_and_no_other()
    {
        SmcRuntime runtime = await StartRuntimeAsync("smc.cq { vectors = 3, throughput = 7 }");
        Dispatchers dispatchers = runtime.System.Dispatchers;
        for (int vector = 0; vector < 3; vector++) Assert.Equal(7, dispatchers.Lookup(CompletionDispatchers.IdOf(vector)).Throughput);
        Assert.False(dispatchers.HasDispatcher(CompletionDispatchers.IdOf(3)));
    }

    [Fact]
    public async Task An_application_may_give_the_dispatcher_of_one_vector_what_the_others_have_not()
    {
        SmcRuntime runtime = await StartRuntimeAsync("smc.cq.vectors = 2\nsmc.cq-dispatcher-1.throughput = 5");
        Dispatchers dispatchers = runtime.System.Dispatchers;
        Assert.Equal(runtime.Settings.CompletionVectors.Throughput, dispatchers.Lookup(CompletionDispatchers.IdOf(0)).Throughput);
        Assert.Equal(5, dispatchers.Lookup(CompletionDispatchers.IdOf(1)).Throughput);
    }
}
