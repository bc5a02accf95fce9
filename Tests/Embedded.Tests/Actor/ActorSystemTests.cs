using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Embedded.Tests.Actor;

public sealed class ActorSystemTests() : Akka.TestKit.Xunit2.TestKit("""
    pinned { type = PinnedDispatcher }
    own { type = Dispatcher, executor = "Embedded.Tests.Actor.NamedThreadConfigurator, Embedded.Tests", throughput = 7, thread = "mine" }
    """)
{
    [Fact]
    public void A_pinned_actor_always_runs_on_its_own_thread()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ThreadNamer()).WithDispatcher("pinned"));
        actor.Tell("?");
        actor.Tell("?");
        var threads = ReceiveN(2).Cast<(string? Name, int Id)>().ToArray();
        Assert.Equal(threads[0], threads[1]);
    }

    [Fact]
    public void HOCON_names_an_executor_by_class_and_configures_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ThreadNamer()).WithDispatcher("own"));
        actor.Tell("?");
        Assert.Equal("mine", ExpectMsg<(string? Name, int Id)>().Name);
        Assert.Equal(7, Sys.Dispatchers.Lookup("own").Throughput);
    }

    [Fact]
    public void An_unknown_dispatcher_is_a_configuration_error() =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("none")));

    [Fact]
    public async Task An_extension_is_created_once_and_brings_its_defaults()
    {
        var system = ActorSystem.Create("extended", ConfigurationFactory.ParseString("greeting.text = hello"));
        Assert.False(system.HasExtension<Greeting>());
        var greeting = system.WithExtension<Greeting, GreetingProvider>();
        Assert.Same(greeting, new GreetingProvider().Apply(system));
        Assert.Same(greeting, system.GetExtension<Greeting>());
        Assert.Equal(("hello", 3), (greeting.Text, greeting.Times));
        await system.Terminate();
    }

    [Fact]
    public async Task Terminate_stops_everything_and_then_calls_back()
    {
        var system = ActorSystem.Create("ending");
        var stopped = new TaskCompletionSource();
        bool called = false;
        system.ActorOf(Props.Create(() => new Stoppable(stopped)));
        system.RegisterOnTermination(() => called = true);
        await system.Terminate();
        Assert.True(stopped.Task.IsCompletedSuccessfully);
        Assert.True(called);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.Create(() => new Echo())));
    }

    [Fact]
    public void Props_need_a_constructor_call()
    {
        var made = new Func<Echo>(() => new Echo());
        Assert.ThrowsAny<Exception>(() => Props.Create(() => made()));
    }

    [Fact]
    public void An_actor_is_not_constructed_by_hand()
    {
        Exception? thrown = null;
        var outside = new Thread(() => thrown = Record.Exception(() => new Echo()));
        outside.Start();
        outside.Join();
        Assert.IsType<ActorInitializationException>(thrown);
    }

    private sealed class ThreadNamer : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell((Thread.CurrentThread.Name, Environment.CurrentManagedThreadId));
    }

    private sealed class Stoppable(TaskCompletionSource stopped) : UntypedActor
    {
        protected override void OnReceive(object message) { }
        protected override void PostStop() => stopped.SetResult();
    }

    private sealed record Greeting(string Text, int Times) : IExtension;

    private sealed class GreetingProvider : ExtensionIdProvider<Greeting>
    {
        public override Greeting CreateExtension(ExtendedActorSystem system)
        {
            system.Settings.InjectTopLevelFallback(ConfigurationFactory.ParseString("greeting { text = hi, times = 3 }"));
            return new Greeting(system.Settings.Config.GetString("greeting.text"), system.Settings.Config.GetInt("greeting.times"));
        }
    }
}

public sealed class NamedThreadConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new NamedThread(id, Config.GetString("thread"));

    private sealed class NamedThread : ExecutorService
    {
        private readonly System.Collections.Concurrent.BlockingCollection<IRunnable> _work = [];

        public NamedThread(string id, string name) : base(id) => new Thread(() =>
        {
            foreach (var run in _work.GetConsumingEnumerable())
            {
                run.Run();
            }
        })
        { IsBackground = true, Name = name }.Start();

        public override void Execute(IRunnable run) => _work.Add(run);
        public override void Shutdown() => _work.CompleteAdding();
    }
}
