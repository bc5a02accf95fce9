using System.Net;
using System.Net.Sockets;
using Smc.Actors;
using Smc.Actors.Inspection.Reports;
using Smc.Host.CommandLine;
using Smc.Transport;

namespace Smc.Host.Carriers;

/// <summary>The SMC runtime as a carrier.</summary>
internal sealed class SmcCarrier(SmcRuntime runtime) : Carrier
{
    public SmcRuntime Runtime { get; } = runtime;

    public static new async Task<SmcCarrier> StartAsync(CarrierSettings settings, CancellationToken ct) =>
        new(await SmcRuntime.StartAsync(settings.ToConfig(), ct));

    public override async ValueTask<CarrierListener> ListenAsync(string at, CancellationToken ct)
    {
        IPEndPoint endPoint = await EndPointText.Parse(at).ToListenAsync(ct);
        try
        {
            return new Listener(await Runtime.ListenAsync(endPoint, ct));
        }
        catch (SocketException failure)
        {
            throw FailureText.Listening(at, failure);
        }
    }

    public override async ValueTask<Connection> ConnectAsync(string at, CancellationToken ct)
    {
        EndPoint endPoint = EndPointText.Parse(at).ToConnect();
        try
        {
            return new SmcConnection(await Runtime.ConnectAsync(endPoint, ct));
        }
        catch (SocketException failure)
        {
            throw FailureText.Connecting(at, failure);
        }
    }

    public override ValueTask DisposeAsync() => Runtime.DisposeAsync();

    private sealed class Listener(ISmcListener listener) : CarrierListener
    {
        public override string Address => listener.LocalEndPoint.ToString();

        public override async ValueTask<Connection> AcceptAsync(CancellationToken ct) => new SmcConnection(await listener.AcceptAsync(ct));

        public override ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    private sealed class SmcConnection(SmcStream stream) : Connection
    {
        public override Stream Stream => stream;

        public override string Mode => ReportText.Mode(stream.Mode);

        public override string? Fallback => stream.Mode == SmcMode.Tcp ? ReportText.Explain(stream.FallbackReason) : null;

        public override string Peer => stream.RemoteEndPoint.ToString();

        public override void ShutdownWrite() => stream.ShutdownWrite();
    }
}
