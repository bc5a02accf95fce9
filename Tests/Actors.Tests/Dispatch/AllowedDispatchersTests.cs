using Actors.Tests.Harness;
using Akka.Configuration;
using Akka.Dispatch;
using Smc.Actors.Dispatch;
using Smc.Actors.Settings;
using Smc.Transport;

namespace Actors.Tests.Dispatch;

/// <summary>A runtime starts, and connects, with whatever its control plane may be told to run on.</summary>
public sealed class AllowedDispatchersTests : RendezvousTest
{
    public static TheoryData<string, string> Allowed
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string executor in DispatcherKeys.Executors.Append(typeof(ControlPlaneExecutorConfigurator).AssemblyQualifiedName!))
            {
                foreach (string type in DispatcherKeys.Types.Append(typeof(OwnConfigurator).AssemblyQualifiedName!)) all.Add(type, executor);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task A_runtime_connects_on_each_dispatcher_and_executor_that_is_allowed(string type, string executor)
    {
        Pair pair = await StartPairAsync($"smc.control-dispatcher {{ type = \"{type}\", executor = \"{executor}\" }}");
        await using Ends ends = await pair.ConnectAsync();
        Assert.Equal((SmcMode.SmcD, SmcMode.SmcD), (ends.Client.Mode, ends.Server.Mode));
    }

    /// <summary>A dispatcher of one's own: what its executor key makes is all that it runs on.</summary>
    public sealed class OwnConfigurator : MessageDispatcherConfigurator
    {
        private readonly Own _dispatcher;

        public OwnConfigurator(Config config, IDispatcherPrerequisites prerequisites)
            : base(config, prerequisites) => _dispatcher = new Own(this, ConfigureExecutor().Produce(config.GetString("id")));

        public override MessageDispatcher Dispatcher() => _dispatcher;

        private sealed class Own(MessageDispatcherConfigurator configurator, ExecutorService executor) : MessageDispatcher(configurator)
        {
            protected override void ExecuteTask(IRunnable run) => executor.Execute(run);

            protected override void Shutdown() => executor.Shutdown();
        }
    }
}
