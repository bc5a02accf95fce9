using System.Net;
using System.Net.Sockets;
using Smc.Actors;
using Smc.Transport;

namespace Actors.Tests.Harness;

/// <summary>Each assembly that a peer process loads takes descriptors of its own, and so does each thread that it starts: it has to have gone every
/// way before it has none left.</summary>
internal static class WarmUp
{
    private const int Bytes = 200_000;

    /// <summary>Serves a plain client.</summary>
    public static async Task ServerAsync(PeerProcess server, IPEndPoint at)
    {
        using var plain = new TcpClient();
        await plain.ConnectAsync(at);
        await Exchange.EchoAsync(plain.GetStream(), Bytes, seed: 0);
        plain.Close();
        await server.LineAsync("done");
    }

    /// <summary>Starts a client that has been refused once, and has been once on plain TCP.</summary>
    /// <param name="own">Ends it with the test.</param>
    /// <param name="args">Where it is, and its settings.</param>
    public static async Task<(PeerProcess Client, IPEndPoint At)> ClientAsync(Func<PeerProcess, PeerProcess> own, params string[] args)
    {
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var at = (IPEndPoint)plain.LocalEndpoint;
        plain.Stop();
        PeerProcess client = own(await PeerProcess.ReadyAsync(keepsItsThreads: true, ["connect", "echo", $"at={at}", .. args]));
        await client.TellAsync("connect");
        await client.LineAsync("refused ConnectionRefused");

        using var again = new TcpListener(at);
        again.Start();
        await client.TellAsync("connect");
        using (TcpClient served = await again.AcceptTcpClientAsync()) await Exchange.EchoAsync(served.GetStream(), Bytes, seed: 0);
        await client.LineAsync("done");
        again.Stop();
        return (client, at);
    }

    /// <summary>Serves a runtime on shared memory, which ends then.</summary>
    public static async Task SharedServerAsync(PeerProcess server, IPEndPoint at, SmcRuntime runtime)
    {
        await using (runtime)
        {
            await using SmcStream stream = await runtime.ConnectAsync(at).Guard();
            await EchoAsync(server, stream);
        }

        await Eventually.EqualAsync(0, () => ProcessResources.Count(server).Mapped, "mappings of the server");
    }

    /// <summary>Connects to a runtime on shared memory, which ends then.</summary>
    public static async Task SharedClientAsync(PeerProcess client, IPEndPoint at, SmcRuntime runtime)
    {
        await using (runtime)
        {
            await using ISmcListener listener = await runtime.ListenAsync(at);
            await client.TellAsync("connect");
            await using SmcStream stream = await listener.AcceptAsync().Guard();
            await EchoAsync(client, stream);
        }

        await Eventually.EqualAsync(0, () => ProcessResources.Count(client).Mapped, "mappings of the client");
    }

    private static async Task EchoAsync(PeerProcess peer, SmcStream stream)
    {
        await peer.LineAsync("open SmcD None");
        await Exchange.EchoAsync(stream, Bytes, seed: 0);
        await stream.DisposeAsync();
        await peer.LineAsync("done");
    }
}
