using System.Net;
using System.Net.Sockets;
using System.Text;
using Smc.Actors;

namespace Actors.Tests.Harness;

/// <summary>HTTP clients whose connections a runtime makes.</summary>
internal static class WebOverSmc
{
    /// <summary>A client.</summary>
    public static HttpClient NewClient(SmcRuntime runtime) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
            await runtime.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation),
    });
}

/// <summary>A web server without SMC on a free port of 127.0.0.1: sends every request's body back.</summary>
internal sealed class TinyWebServer : IDisposable
{
    private const int Attempts = 20;

    private readonly HttpListener _listener;

    public TinyWebServer()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new HttpListener();
        for (int attempt = 1; !_listener.IsListening; attempt++)
        {
            EndPoint = FreePort();
            _listener = new HttpListener();
            _listener.Prefixes.Add(Address.AbsoluteUri);
            try
            {
                _listener.Start();
            }
            catch (HttpListenerException) when (attempt < Attempts)
            {
                // Somebody else has taken the port since; it does not take port 0.
            }
        }

        _ = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary>The same, as a link.</summary>
    public Uri Address => new($"http://{EndPoint}/");

    /// <summary>An answer to a request, as bytes, by a server that has read it by hand.</summary>
    public static byte[] Answer(byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    /// <summary>Reads the head of a request by hand.</summary>
    /// <returns>Its first line.</returns>
    public static async Task<string?> ReadHeadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string? first = await reader.ReadLineAsync().Guard();
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync().Guard()))
        {
            // The rest of the head.
        }

        return first;
    }

    public void Dispose() => _listener.Close();

    private static IPEndPoint FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(context.Response.OutputStream);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
