using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Smc.Actors.Connections;
using Smc.Actors.Devices;
using Smc.Actors.Dispatch;
using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Door;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;
using Smc.Actors.LinkGroups;
using Smc.Actors.Listeners;
using Smc.Actors.Protocol;
using Smc.Actors.Settings;
using Smc.Actors.Telemetry;
using Smc.Transport;

namespace Smc.Actors;

/// <summary>
/// The SMC runtime of a process: listens and connects, on shared memory where the other end can and on plain TCP where it cannot. One a
/// process is enough; several do not disturb each other.
/// </summary>
public sealed class SmcRuntime : ISmcConnector, IAsyncDisposable
{
    private static readonly TimeSpan InspectionPatience = TimeSpan.FromSeconds(10);

    private static int _runtimes;   // so far, in this process

    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly IActorRef _root;
    private readonly IActorRef _inspector;
    private readonly IActorRef _door;
    private readonly LoopbackDevice _device;
    private readonly RuntimeMetrics _metrics;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _ended;
    private int _disposed;

    private SmcRuntime(ActorSystem system, bool ownsSystem, SmcSettings settings, IEnumerable<UnknownKey> unknown, PropsFactory props, IMeterFactory? meters)
    {
        foreach (UnknownKey key in unknown) system.Log.Warning("{0} is not a key; did you mean {1}?", key.Name, key.Nearest);
        _system = system;
        _ownsSystem = ownsSystem;
        Settings = settings;
        var events = new EventPublisher(system.EventStream, Logging.GetLogger(system, typeof(EventPublisher)));
        Connections = new ConnectionTable(events);
        _device = new LoopbackDevice(settings, events);
        var groups = new LinkGroupTable(events);
        TelemetryName = Interlocked.Increment(ref _runtimes).ToString(CultureInfo.InvariantCulture);
        _metrics = new RuntimeMetrics(TelemetryName, Connections, groups, _device, meters);
        events.Subscribe("A listener of the meter", _metrics.On);
        events.Subscribe("A listener of activities", new RuntimeTraces(TelemetryName).On);
        var warnings = new FallbackWarnings(Logging.GetLogger(system, typeof(FallbackWarnings)), settings.Fallback.WarnInterval, TimeProvider.System);
        events.Subscribe("The log of fallbacks", warnings.On);
        _ended = Task.WhenAny(_stopped.Task, system.WhenTerminated);
        _ended.ContinueWith(_ => _metrics.Dispose(), TaskScheduler.Default);
        Action ended = () => _stopped.TrySetResult();
        var listeners = new ListenerTable();
        _root = system.ActorOf(props(typeof(SmcSupervisor), settings, _device, Connections, groups, listeners, props, ended), "smc");
        var inspected = new InspectedRuntime(
            new SnapshotSource(settings, _device, Connections, groups, listeners).Take,
            TimeProvider.System,
            settings.Inspection,
            this,
            MutationTargets.Of(system, _root, Connections),
            events,
            props);
        _inspector = system.ActorOf(SmcInspectorActor.OnLookersDispatcher(props(typeof(SmcInspectorActor), inspected)), "smc-inspector");
        Props door = props(typeof(InspectionDoorActor), settings.Rendezvous.Folder, _inspector, props);
        _door = system.ActorOf(SmcInspectorActor.OnLookersDispatcher(door), "smc-inspection-door");
    }

    /// <summary>The settings that the runtime was started with.</summary>
    public SmcSettings Settings { get; }

    /// <summary>The open connections, and the counts of fallbacks and of rules broken by peers.</summary>
    public ConnectionTable Connections { get; }

    /// <summary>Tells the runtimes of a process apart: the value of the tag <c>smc.runtime</c> of its meter and of its activities.</summary>
    public string TelemetryName { get; }

    /// <summary>The loopback-ISM device.</summary>
    internal LoopbackDevice Device => _device;

    /// <summary>The actor system that the runtime's actors live in.</summary>
    public ActorSystem System => _system;

    /// <summary>Answers <see cref="InspectionProtocol.Inquire"/>: for windows that are actors themselves; others ask by <see cref="InspectAsync"/>.</summary>
    public IActorRef Inspector => _inspector;

    /// <summary>Known at once: <see cref="_ended"/> is told by way of the thread pool, and the device may be up meanwhile.</summary>
    private bool HasEnded => _stopped.Task.IsCompleted || _system.WhenTerminated.IsCompleted;

    /// <summary>Starts a runtime with an actor system of its own, and waits until its device is up or known to be down.</summary>
    /// <param name="hocon">Settings that differ from smc.reference.conf, or null.</param>
    /// <param name="cancellationToken">Gives up, and ends what has started.</param>
    /// <exception cref="ConfigurationException">The text is no HOCON, or a setting is out of range; names the line, or the key, the value and what is allowed.</exception>
    public static async Task<SmcRuntime> StartAsync(string? hocon = null, CancellationToken cancellationToken = default) =>
        await StartAsync(SmcSettings.Parse(hocon ?? string.Empty), cancellationToken).ConfigureAwait(false);

    /// <summary>The same with settings that are parsed, or merged, already.</summary>
    /// <param name="config">Settings that differ from smc.reference.conf.</param>
    /// <param name="cancellationToken">Gives up, and ends what has started.</param>
    /// <exception cref="ConfigurationException">A setting is out of range; names the key, the value and what is allowed.</exception>
    /// <exception cref="SocketException">NetworkDown: the runtime could not begin; the log says why.</exception>
    public static Task<SmcRuntime> StartAsync(Config config, CancellationToken cancellationToken = default) =>
        StartAsync(config, SmcSupervisor.PropsOf, meters: null, cancellationToken);

    /// <summary>The same with a meter that somebody else makes and owns, as dependency injection does.</summary>
    /// <param name="config">Settings that differ from smc.reference.conf.</param>
    /// <param name="meters">Makes the meter Smc.Actors of this runtime.</param>
    /// <param name="cancellationToken">Gives up, and ends what has started.</param>
    /// <exception cref="ConfigurationException">A setting is out of range; names the key, the value and what is allowed.</exception>
    /// <exception cref="SocketException">NetworkDown: the runtime could not begin; the log says why.</exception>
    public static Task<SmcRuntime> StartAsync(Config config, IMeterFactory meters, CancellationToken cancellationToken = default) =>
        StartAsync(config, SmcSupervisor.PropsOf, meters, cancellationToken);

    /// <summary>The same with actors that are made otherwise.</summary>
    /// <param name="config">Settings that differ from smc.reference.conf.</param>
    /// <param name="props">What each actor is made of.</param>
    /// <param name="meters">Makes the meter; null for one of its own.</param>
    /// <param name="cancellationToken">Gives up, and ends what has started.</param>
    internal static async Task<SmcRuntime> StartAsync(Config config, PropsFactory props, IMeterFactory? meters = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SmcSettings settings = SmcSettings.From(config);
        var system = ActorSystem.Create("smc", Complete(config, settings));
        var runtime = new SmcRuntime(system, ownsSystem: true, settings, SmcKeys.FindUnknown(config), props, meters);
        try
        {
            await runtime.BegunAsync(cancellationToken).ConfigureAwait(false);
            await runtime.DoorAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts a runtime in an actor system that somebody else owns, by that system's configuration.</summary>
    internal static SmcRuntime StartIn(ActorSystem system)
    {
        Config config = system.Settings.Config;
        SmcSettings settings = SmcSettings.From(config);
        system.Settings.InjectTopLevelFallback(Complete(Config.Empty, settings));
        return new SmcRuntime(system, ownsSystem: false, settings, SmcKeys.FindUnknown(config), SmcSupervisor.PropsOf, meters: null);
    }

    /// <summary>Listens on an endpoint and publishes it in the host registry.</summary>
    /// <param name="endPoint">Port 0 for any that is free.</param>
    /// <param name="cancellationToken">Gives up: what has been bound by then is closed. It comes too late once there is a listener.</param>
    /// <exception cref="SocketException">As <see cref="Socket.Bind"/>: AddressAlreadyInUse, AddressNotAvailable, AccessDenied. OperationAborted:
    /// the request failed here; another may not. NetworkDown: the runtime has failed for good.</exception>
    public async ValueTask<ISmcListener> ListenAsync(IPEndPoint endPoint, CancellationToken cancellationToken = default)
    {
        await BegunAsync(cancellationToken).ConfigureAwait(false);
        var promise = new TaskCompletionSource<ISmcListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The promise ends one way only: where it ends like this, whoever would have kept it closes what the caller no longer takes.
        using CancellationTokenRegistration canceled = cancellationToken.UnsafeRegister(_ => promise.TrySetCanceled(cancellationToken), null);
        _root.Tell(new ListenerProtocol.Listen(endPoint, promise), ActorRefs.NoSender);
        return await KeptAsync(promise).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<SmcStream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken = default)
    {
        await BegunAsync(cancellationToken).ConfigureAwait(false);
        if (endPoint is IPEndPoint address) return await ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        if (endPoint is not DnsEndPoint name) throw new NotSupportedException($"{endPoint.GetType().Name} is not an address of TCP.");
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellationToken).ConfigureAwait(false);
        for (int i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], name.Port), cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next address of the name.
            }
        }
    }

    /// <summary>The open connections of this process.</summary>
    public Task<IReadOnlyList<ConnectionReport>> GetConnectionsAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Connections.Report());
    }

    /// <summary>Asks the inspector, as <c>smc inspect</c> does.</summary>
    /// <param name="command">A command and its arguments, such as <c>connections -m tcp</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The report; one that names the mistake where there is no such command or argument.</returns>
    public async Task<SmcReport> InspectAsync(string command, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!SmcPalette.TryParse(words, out SmcRequest? request, out string error)) return new ErrorReport(error);
        if (request.Command.IsLive) return new ErrorReport($"{request.Command.Name} goes on: an actor that asks the inspector itself gets every answer.");
        try
        {
            var inquiry = new InspectionProtocol.Inquire(request);
            TimeSpan patience = InspectionPatience + request.Command.Takes(request.Arguments);
            return (await _inspector.Ask<InspectionProtocol.Answer>(inquiry, patience, cancellationToken).ConfigureAwait(false)).Report;
        }
        catch (AskTimeoutException)
        {
            return new ErrorReport($"The inspector has not answered for {InspectionPatience.TotalSeconds} s.");
        }
    }

    /// <summary>Connects to an endpoint, says what the connection is, and why, and closes it.</summary>
    /// <exception cref="SocketException">The endpoint cannot be reached.</exception>
    public Task<EndpointCheck> CheckAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        EndpointCheck.RunAsync(this, endPoint, cancellationToken);

    /// <summary>Closes listeners and connections: peers get ConnectionReset where a connection is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        try
        {
            await Task.WhenAll(new[] { _door, _inspector, _root }.Select(actor => actor.StopAsync(Settings.ShutdownTimeout, _system.Log))).ConfigureAwait(false);
        }
        finally
        {
            _stopped.TrySetResult();
            _device.Dispose();
            _metrics.Dispose();
            if (_ownsSystem) await _system.Terminate().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the door for inspection is open, or never will be. Looking is no reason for a runtime not to start.</summary>
    private async Task DoorAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _door.Ask<ActorIdentity>(new Identify(null), InspectionPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            _system.Log.Warning("The door for inspection has not opened for {0} s", InspectionPatience.TotalSeconds);
        }
    }

    /// <summary>A configuration with the defaults of every key, and with the dispatchers of as many completion vectors as there are to be.</summary>
    private static Config Complete(Config config, SmcSettings settings) =>
        config.WithFallback(SmcSettings.Reference).WithFallback(CompletionDispatchers.For(settings.CompletionVectors));

    private Task<SmcStream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var promise = new TaskCompletionSource<SmcStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        var own = new IPEndPoint(endPoint.Address, endPoint.Port);   // the caller may change its own
        _root.Tell(new HandshakeProtocol.Connect(own, promise, cancellationToken) { Start = HandshakeStart.Asked() }, ActorRefs.NoSender);
        return KeptAsync(promise);
    }

    /// <summary>A promise that an actor keeps, or that ends with the runtime: a request that met no actor any more has nobody to answer it.</summary>
    private async Task<T> KeptAsync<T>(TaskCompletionSource<T> promise)
    {
        await Task.WhenAny(promise.Task, _ended).ConfigureAwait(false);
        if (HasEnded) promise.TrySetException(Ended());
        return await promise.Task.ConfigureAwait(false);
    }

    /// <summary>Waits until the device is up or known to be down.</summary>
    private async Task BegunAsync(CancellationToken cancellationToken)
    {
        if (!HasEnded && Volatile.Read(ref _disposed) == 0)
            await Task.WhenAny(_device.Decided, _ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (HasEnded || Volatile.Read(ref _disposed) != 0) throw Ended();
    }

    private Exception Ended() => Volatile.Read(ref _disposed) != 0 || _system.WhenTerminated.IsCompleted
        ? new ObjectDisposedException(nameof(SmcRuntime))
        : new SocketException((int)SocketError.NetworkDown);
}
