using System.Diagnostics.Metrics;
using Actors.Tests.Harness;
using Actors.Tests.Supervision;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Smc.Actors;
using Smc.Actors.Devices;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Door;
using Smc.Actors.Settings;

namespace Actors.Tests;

/// <summary>Of a runtime that could not start nothing is left: no thread, no descriptor, no timer, no meter.</summary>
[Collection(Alone.Name)]
public sealed class StartFailureTests : RendezvousTest
{
    /// <summary>A watchdog's timer, which keeps its runtime's wake threads from being collected, and no log that writes meanwhile.</summary>
    private const string Settings = "smc.wait.inline-completions = on, akka.loglevel = OFF, akka.stdout-loglevel = OFF";

    private const string OtherExecutor = $"smc.control-dispatcher.executor = \"Actors.Tests.{nameof(ThrowingConfigurator)}, Actors.Tests\"";

    private WeakReference? _wake;

    [Theory]
    [InlineData(nameof(SmcSupervisor))]
    [InlineData(nameof(SmcInspectorActor))]
    [InlineData(nameof(InspectionDoorActor))]
    public Task Nothing_is_left_where_an_actor_cannot_be_made(string actor) => LeavesNothingAsync<InjectedCrashException>(
        () => StartAsync((type, arguments) => type.Name == actor ? throw new InjectedCrashException("cannot be made") : SmcSupervisor.PropsOf(type, arguments)));

    [Fact]
    public Task Nothing_is_left_where_a_dispatcher_cannot_be_made() => LeavesNothingAsync<Exception>(() => StartAsync(SmcSupervisor.PropsOf, hocon: OtherExecutor));

    [Fact]
    public Task Nothing_is_left_where_a_meter_cannot_be_made() =>
        LeavesNothingAsync<InjectedCrashException>(() => StartAsync(SmcSupervisor.PropsOf, new NoMeters()));

    [Fact]
    public Task Nothing_is_left_where_a_listener_of_meters_fails()
    {
        using var listener = new MeterListener();
        listener.Start();   // of instruments that there are already it does not hear
        listener.InstrumentPublished = static (instrument, _) =>
        {
            if (instrument.Name == "smc.doorbells") throw new InjectedCrashException("does not listen");
        };
        return LeavesNothingAsync<InjectedCrashException>(() => StartAsync(SmcSupervisor.PropsOf));
    }

    /// <summary>Disposed, or an actor system that takes no new actors: whichever the start meets first.</summary>
    [Fact]
    public Task Nothing_is_left_where_the_actor_system_ends_meanwhile() => LeavesNothingAsync<InvalidOperationException>(
        () => StartAsync((type, arguments) => type == typeof(SmcSupervisor) ? Props.Create(() => new Terminator()) : SmcSupervisor.PropsOf(type, arguments)));

    [Fact]
    public async Task Nothing_is_left_in_an_actor_system_whose_runtime_cannot_start()
    {
        ActorSystem system = ActorSystem.Create("host", $"smc.rendezvous.folder = \"{Folder}\", {Settings}");
        await system.ActorOf(Props.Create(() => new Terminator.Idle()), "smc-inspection-door").Ask<ActorIdentity>(new Identify(null)).Guard();
        await LeavesNothingAsync<InvalidActorNameException>(() => Task.FromResult(SmcExtension.Get(system)));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => system.ActorSelection("/user/smc").ResolveOne(Eventually.HangGuard).Guard());
        await system.Terminate().Guard();
    }

    private async Task LeavesNothingAsync<TFailure>(Func<Task<SmcRuntime>> start)
        where TFailure : Exception
    {
        ProcessResources before = ProcessResources.Count();
        Dictionary<string, int> threads = Threads();
        using var meters = new OpenMeters();
        await Assert.ThrowsAnyAsync<TFailure>(() => start().Guard());
        await Eventually.EqualAsync(0, () => meters.Count, "instruments of the meter");
        await Eventually.TrueAsync(IsCollected, "the wake service is let go by its timer");
        await Eventually.EqualAsync(
            string.Empty, () => string.Join(", ", Threads().Where(name => name.Value > threads.GetValueOrDefault(name.Key)).Select(name => name.Key)), "threads");
        await before.ComeBackAsync();
    }

    /// <summary>How many there are of each name: those of .NET itself come and go.</summary>
    private static Dictionary<string, int> Threads() => Directory.GetDirectories("/proc/self/task").Select(NameOf)
        .Where(static name => name.Length > 0 && !name.StartsWith(".NET", StringComparison.Ordinal))
        .GroupBy(static name => name).ToDictionary(static name => name.Key, static name => name.Count());

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return string.Empty;   // it has ended meanwhile
        }
    }

    private bool IsCollected()
    {
        GC.Collect();
        return _wake?.IsAlive != true;
    }

    private async Task<SmcRuntime> StartAsync(PropsFactory props, IMeterFactory? meters = null, string hocon = "")
    {
        PropsFactory remembered = (type, arguments) =>
        {
            if (type == typeof(SmcSupervisor)) _wake = new WeakReference(arguments.OfType<LoopbackDevice>().Single().Wake);
            return props(type, arguments);
        };
        return await SmcRuntime.StartAsync(SmcSettings.Parse($"smc.rendezvous.folder = \"{Folder}\", {Settings}\n{hocon}"), remembered, meters);
    }

    /// <summary>The instruments of runtimes from now on whose meters have not ended.</summary>
    private sealed class OpenMeters : IDisposable
    {
        private readonly MeterListener _listener = new();
        private int _count;

        public OpenMeters()
        {
            _listener.Start();   // of instruments that there are already it does not hear
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != "Smc.Actors") return;
                Interlocked.Increment(ref _count);
                listener.EnableMeasurementEvents(instrument);
            };
            _listener.MeasurementsCompleted = (_, _) => Interlocked.Decrement(ref _count);
        }

        public int Count => Volatile.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }

    private sealed class NoMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => throw new InjectedCrashException("no meter");

        public void Dispose()
        {
        }
    }

    private sealed class Terminator : ReceiveActor
    {
        protected override void PreStart() => Context.System.Terminate();

        public sealed class Idle : ReceiveActor;
    }
}

/// <summary>An executor that cannot be made.</summary>
public sealed class ThrowingConfigurator : ExecutorServiceConfigurator
{
    public ThrowingConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => throw new InjectedCrashException("no executor");

    public override ExecutorService Produce(string id) => throw new InjectedCrashException("no executor");
}
