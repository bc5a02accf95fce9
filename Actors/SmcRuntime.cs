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
    private readonly EventPublisher _events;
    private readonly LoopbackDevice _device;
    private readonly RuntimeLifetime _lifetime;
    private RuntimeMetrics? _metrics;
    private IActorRef _root = ActorRefs.Nobody;
    private IActorRef _inspector = ActorRefs.Nobody;
    private IActorRef _door = ActorRefs.Nobody;

    private SmcRuntime(ActorSystem system, bool ownsSystem, SmcSettings settings)
    {
        _system = system;
        _ownsSystem = ownsSystem;
        Settings = settings;
        _events = new EventPublisher(system.EventStream, Logging.GetLogger(system, typeof(EventPublisher)));
        Connections = new ConnectionTable(_events);
        _device = new LoopbackDevice(settings, _events);
        TelemetryName = Interlocked.Increment(ref _runtimes).ToString(CultureInfo.InvariantCulture);
        _lifetime = new RuntimeLifetime(system);
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
        IReadOnlyList<UnknownKey> unknown = SmcKeys.FindUnknown(config);
        var system = ActorSystem.Create("smc", Complete(config, settings));
        var runtime = new SmcRuntime(system, ownsSystem: true, settings);
        try
        {
            runtime.Begin(unknown, props, meters);
            await runtime.BegunAsync(cancellationToken).ConfigureAwait(false);
            await runtime.DoorAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
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
        var runtime = new SmcRuntime(system, ownsSystem: false, settings);
        try
        {
            runtime.Begin(SmcKeys.FindUnknown(config), SmcSupervisor.PropsOf, meters: null);
            return runtime;
        }
        catch
        {
            _ = runtime.DisposeAsync().AsTask();   // an extension is made without waiting; an actor that does not stop is logged
            throw;
        }
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
        return await _lifetime.KeptAsync(promise).ConfigureAwait(false);
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
        ObjectDisposedException.ThrowIf(_lifetime.IsDisposed, this);
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
        if (!_lifetime.TryDispose()) return;
        try
        {
            IEnumerable<IActorRef> begun = new[] { _door, _inspector, _root }.Where(actor => !actor.IsNobody());
            await Task.WhenAll(begun.Select(actor => actor.StopAsync(Settings.ShutdownTimeout, _system.Log))).ConfigureAwait(false);
        }
        finally
        {
            _lifetime.Stop();
            _device.Dispose();
            _metrics?.Dispose();
            if (_ownsSystem) await _system.Terminate().ConfigureAwait(false);
        }
    }

    /// <summary>Makes the meter and the actors. Where that fails, <see cref="DisposeAsync"/> ends what has begun.</summary>
    private void Begin(IEnumerable<UnknownKey> unknown, PropsFactory props, IMeterFactory? meters)
    {
        foreach (UnknownKey key in unknown) _system.Log.Warning("{0} is not a key; did you mean {1}?", key.Name, key.Nearest);
        var groups = new LinkGroupTable(_events);
        var metrics = new RuntimeMetrics(TelemetryName, Connections, groups, _device, meters);
        _metrics = metrics;
        _events.Subscribe("A listener of the meter", metrics.On);
        _events.Subscribe("A listener of activities", new RuntimeTraces(TelemetryName).On);
        var warnings = new FallbackWarnings(Logging.GetLogger(_system, typeof(FallbackWarnings)), Settings.Fallback.WarnInterval, TimeProvider.System);
        _events.Subscribe("The log of fallbacks", warnings.On);
        _events.Subscribe("The log of broken rules", new RuleWarnings(Logging.GetLogger(_system, typeof(RuleWarnings))).On);
        _lifetime.Ended.ContinueWith(_ => Release(), TaskScheduler.Default);
        Action ended = _lifetime.Stop;
        var listeners = new ListenerTable();
        _root = _system.ActorOf(props(typeof(SmcSupervisor), Settings, _device, Connections, groups, listeners, props, ended), "smc");
        var inspected = new InspectedRuntime(
            new SnapshotSource(Settings, _device, Connections, groups, listeners).Take,
            TimeProvider.System,
            Settings.Inspection,
            this,
            MutationTargets.Of(_system, _root, Connections),
            _events,
            props);
        _inspector = _system.ActorOf(SmcInspectorActor.OnLookersDispatcher(props(typeof(SmcInspectorActor), inspected)), "smc-inspector");
        Props door = props(typeof(InspectionDoorActor), Settings.Rendezvous.Folder, _inspector, props);
        _door = _system.ActorOf(SmcInspectorActor.OnLookersDispatcher(door), "smc-inspection-door");
    }

    /// <summary>The reactor is closed by its actor, on the thread that sleeps on it.</summary>
    private void Release()
    {
        _device.Release();
        _metrics?.Dispose();
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
        return _lifetime.KeptAsync(promise);
    }

    /// <summary>Waits until the device is up or known to be down.</summary>
    private Task BegunAsync(CancellationToken cancellationToken) => _lifetime.BegunAsync(_device.Decided, cancellationToken);
}
