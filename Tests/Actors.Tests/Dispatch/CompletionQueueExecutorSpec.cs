using Actors.Tests.Harness;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2;
using Smc.Actors.Dispatch;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;

namespace Actors.Tests.Dispatch;

/// <summary>Actors and completion queues on the threads of their vectors, through Akka's dispatchers.</summary>
[Collection(Alone.Name)]
public sealed class CompletionQueueExecutorSpec() : TestKit(Configured())
{
    private const int Vectors = 3;
    private const int Budget = 64;
    private const int Mailboxes = 16;
    private const int Throughput = 8;

    private readonly Traffic _traffic = new();

    [Fact]
    public async Task An_actor_of_a_vector_runs_on_its_thread_at_every_message()
    {
        const int Hops = 3_000;
        IActorRef[] actors = [.. Enumerable.Range(0, 3 * Vectors).Select(i => Start(i % Vectors))];
        for (int i = 0; i < actors.Length; i++) actors[i].Tell(new Hop(Hops + i, actors, TestActor));
        for (int i = 0; i < actors.Length; i++) ExpectMsg<Hop>(Eventually.HangGuard);
        foreach (IActorRef actor in actors)
        {
            actor.Tell(new Later());
            ExpectMsg<Place>(Eventually.HangGuard);
            Assert.True(await actor.GracefulStop(Eventually.HangGuard));
        }

        Assert.Equal(0, _traffic.Elsewhere);
        Assert.True(_traffic.Messages > Hops * actors.Length);
    }

    [Fact]
    public async Task The_thread_of_a_vector_has_its_name_and_one_cpu_as_the_kernel_says()
    {
        IReadOnlyList<int> allowed = CpuAffinity.OfProcess;
        for (int vector = 0; vector < Vectors; vector++)
        {
            Place place = await PlaceOfAsync(Start(vector));
            int cpu = allowed[vector % allowed.Count];
            Assert.Equal(($"smc-cq-{vector}", $"smc-cq-{vector}"), (place.Thread.Name, place.NameInKernel));
            Assert.Equal([cpu], place.Cpus);
            Assert.Equal((vector, (int?)cpu), (place.Executor.Vector, place.Executor.Cpu));
        }
    }

    [Fact]
    public async Task A_flood_of_messages_and_endless_completions_leave_each_other_room()
    {
        const int Enough = 50_000;
        const int MostMessagesOfATurn = Mailboxes * (Throughput + 1);   // Akka.NET lets a mailbox have one more
        var endless = new ScriptedSource { Pending = int.MaxValue };
        IActorRef actor = Start(0);
        await actor.Ask<Drain>(new Drain(endless), Eventually.HangGuard);
        int messages = 0;
        int turnsBefore = -1;
        var worst = (Messages: 0, Turns: 0);
        _traffic.OnMessage = () =>
        {
            int turns = endless.Handled / Budget;
            if (turnsBefore < 0) turnsBefore = turns;
            messages++;
            // On the vector's own thread: in so many turns, so many messages at most and one at least.
            int passed = turns - turnsBefore + 1;
            if (messages > passed * MostMessagesOfATurn || messages < passed - 1) worst = (messages, passed);
            if (messages >= Enough && endless.Handled >= Enough) _traffic.IsOver = true;
        };
        actor.Tell(new Endless());
        await Eventually.TrueAsync(() => _traffic.IsOver, "both get on");
        Assert.Equal((0, 0), worst);
        Assert.True(await actor.GracefulStop(Eventually.HangGuard));
    }

    [Fact]
    public async Task No_message_and_no_completion_is_lost_though_the_thread_falls_asleep_before_each()
    {
        const int Rounds = 3_000;
        IActorRef actor = Start(0);
        CompletionQueueExecutor executor = (await PlaceOfAsync(actor)).Executor;
        var queue = new ArmedQueue(executor.Ring);
        await actor.Ask<Drain>(new Drain(queue), Eventually.HangGuard);
        long before = executor.WakeUps;

        Task completions = Task.Run(async () =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                queue.Complete();
                long guard = Environment.TickCount64 + (long)Eventually.HangGuard.TotalMilliseconds;
                while (queue.Handled != i)
                {
                    await Task.Yield();
                    Assert.True(Environment.TickCount64 < guard, $"completion {i} is not handled");
                }
            }
        });
        Task messages = Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++) await actor.Ask<Place>(new WhereIs(), Eventually.HangGuard);
        });
        await Task.WhenAll(completions, messages);
        Assert.Equal((Rounds, 0), (queue.Handled, _traffic.Elsewhere));
        Assert.True(executor.WakeUps > before, "the thread has never slept");
    }

    [Fact]
    public async Task A_message_from_an_actor_of_the_vector_itself_wakes_nobody()
    {
        IActorRef[] actors = [Start(0), Start(0)];
        CompletionQueueExecutor executor = (await PlaceOfAsync(actors[0])).Executor;
        await PlaceOfAsync(actors[1]);
        long before = executor.WakeUps;
        actors[0].Tell(new Hop(10_000, actors, TestActor));
        ExpectMsg<Hop>(Eventually.HangGuard);
        Assert.InRange(executor.WakeUps - before, 0, 2);   // the first message may, and an actor that was asked before
    }

    [Fact]
    public async Task The_thread_ends_when_the_dispatcher_has_no_actor_left_and_another_begins_with_the_next()
    {
        IActorRef first = Start(1);
        Place before = await PlaceOfAsync(first);
        Assert.True(await first.GracefulStop(Eventually.HangGuard));
        await Eventually.TrueAsync(() => !before.Thread.IsAlive, "the thread has ended");

        Place after = await PlaceOfAsync(Start(1));
        Assert.NotSame(before.Thread, after.Thread);
        Assert.Same(before.Executor, after.Executor);
        Assert.Equal("smc-cq-1", after.NameInKernel);
        Assert.Equal(before.Cpus, after.Cpus);
    }

    [Fact]
    public async Task The_threads_end_with_the_actor_system()
    {
        Place[] places = [await PlaceOfAsync(Start(0)), await PlaceOfAsync(Start(1))];
        await Sys.Terminate().WaitAsync(Eventually.HangGuard);
        foreach (Place place in places) await Eventually.TrueAsync(() => !place.Thread.IsAlive, $"{place.NameInKernel} has ended");
    }

    [Fact]
    public async Task A_queue_that_throws_is_let_go_with_a_report_and_the_thread_goes_on()
    {
        var bad = new ScriptedSource { OnDoWork = () => throw new InvalidOperationException("overrun") };
        IActorRef actor = Start(0);
        Place before = await PlaceOfAsync(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        await actor.Ask<Drain>(new Drain(bad), Eventually.HangGuard);
        Error report = ExpectMsg<Error>(Eventually.HangGuard);
        Assert.Equal("overrun", report.Cause.Message);
        Assert.Equal("a scripted queue has failed on smc-cq-0.", report.Message.ToString());
        await Eventually.TrueAsync(() => bad.Failure is not null, "the queue is told");
        Assert.Same(before.Thread, (await PlaceOfAsync(actor)).Thread);
        Assert.Single(bad.Calls);
    }

    [Fact]
    public async Task Completion_queues_are_taken_from_the_vectors_own_actors_only()
    {
        CompletionQueueExecutor executor = (await PlaceOfAsync(Start(0))).Executor;
        Assert.Null(CompletionQueueExecutor.Current);
        Assert.Throws<InvalidOperationException>(() => executor.Add(new ScriptedSource()));
        Assert.Throws<InvalidOperationException>(() => executor.Remove(new ScriptedSource()));
    }

    private static Config Configured()
    {
        Config asked = ConfigurationFactory.ParseString(
            $"smc.cq {{ vectors = {Vectors}, budget = {Budget}, mailboxes = {Mailboxes}, throughput = {Throughput}, looks = 0 }}\n"
            + "smc.cq-dispatcher-1.shutdown-timeout = 1ms");
        return asked.WithFallback(SmcSettings.Reference).WithFallback(CompletionDispatchers.For(SmcSettings.From(asked).CompletionVectors));
    }

    private static Task<Place> PlaceOfAsync(IActorRef actor) => actor.Ask<Place>(new WhereIs(), Eventually.HangGuard);

    private IActorRef Start(int vector) =>
        Sys.ActorOf(Props.Create(() => new VectorActor(vector, _traffic)).WithDispatcher(CompletionDispatchers.IdOf(vector)));
}
