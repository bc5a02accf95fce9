using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;

namespace Petabridge.Cmd.Host;

/// <summary>Takes clients. After a failure to accept, such as for want of descriptors, it waits and tries again.</summary>
internal sealed class PbmHostActor : ReceiveActor, IWithTimers
{
    /// <summary>Clients at once; the next ones wait in the kernel's queue.</summary>
    private const int MaxClients = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IPEndPoint _at;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Socket? _listener;
    private int _clients;
    private long _taken;

    public PbmHostActor(IPEndPoint at, IReadOnlyList<CommandPaletteHandler> handlers)
    {
        _at = at;
        Receive<Socket>(client =>
        {
            _clients++;
            Context.WatchWith(Context.ActorOf(Props.Create(() => new PbmSessionActor(client, handlers)), NameOf(client)), ClientGone.Instance);
            if (_clients < MaxClients) Accept();
        });
        Receive<ClientGone>(_ =>
        {
            if (_clients-- == MaxClients) Accept();
        });
        Receive<Status.Failure>(failed =>
        {
            _log.Warning("Petabridge.Cmd takes nobody for {0} s: {1}", Pause.TotalSeconds, failed.Cause.Message);
            Timers.StartSingleTimer(Again.Instance, Again.Instance, Pause);
        });
        Receive<Again>(_ => Accept());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        try
        {
            _listener = new Socket(_at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(_at);
            _listener.Listen();
            _log.Info("Petabridge.Cmd listens on {0}", _listener.LocalEndPoint);
            Accept();
        }
        catch (SocketException e)
        {
            _log.Error("Petabridge.Cmd cannot listen on {0}: {1}", _at, e.Message);
        }
    }

    protected override void PostStop() => _listener?.Dispose();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Whoever logs who asked names the session, and so the client's address.</summary>
    private string NameOf(Socket client) => Uri.EscapeDataString($"{++_taken}-{client.RemoteEndPoint}");

    private void Accept() => _listener!.AcceptAsync().PipeTo(Self);

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }

    private sealed class ClientGone
    {
        public static readonly ClientGone Instance = new();
    }
}
