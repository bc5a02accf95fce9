using System.Text.Json;
using Serilog;
using Smc.Host.Carriers;
using Smc.Host.CommandLine;

namespace Smc.Host.Bench;

/// <summary>
/// One of a bench's processes. The server says <c>listening ADDRESS</c> and serves; the client says <c>ready</c>, and answers each
/// line by a run and its <see cref="RunResult"/>. Either ends with its standard input.
/// </summary>
internal static class BenchPeer
{
    public static async Task RunAsync(PeerConfiguration configuration, CancellationToken ct)
    {
        if (configuration.Workload == Besieger.Workload)
        {
            await Besieger.RunAsync(configuration, ct);
            return;
        }
        if (configuration.Workload == Onlookers.Workload)
        {
            await Onlookers.RunAsync(configuration, ct);
            return;
        }
        await using Carrier carrier = await configuration.StartCarrierAsync(ct);
        if (configuration.IsServer) await ServeAsync(configuration, carrier, ct);
        else await RunClientAsync(configuration, carrier, ct);
    }

    private static async Task RunClientAsync(PeerConfiguration configuration, Carrier carrier, CancellationToken ct)
    {
        await using BenchClient client = BenchClient.Create(configuration, carrier);
        await client.PrepareAsync(ct);
        await SayAsync("ready");
        while (await Console.In.ReadLineAsync(ct) is not null)
            await SayAsync(JsonSerializer.Serialize(await client.RunAsync(ct), PeerJson.Default.RunResult));
    }

    private static async Task ServeAsync(PeerConfiguration configuration, Carrier carrier, CancellationToken ct)
    {
        await using CarrierListener listener = await carrier.ListenAsync(configuration.At, ct);
        await SayAsync($"listening {listener.Address}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task accepting = AcceptAsync(configuration, listener, end.Token);
        while (await Console.In.ReadLineAsync(ct) is not null) { }
        await end.CancelAsync();
        await accepting;
    }

    private static async Task AcceptAsync(PeerConfiguration configuration, CarrierListener listener, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                Connection connection = await listener.AcceptAsync(ct);
                if (configuration.IsSync) StartThread(connection, configuration.ReadLength);
                else _ = Task.Run(() => ServeAsync(connection, configuration.ReadLength), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            Log.Debug("The bench server has ended.");
        }
    }

    private static void StartThread(Connection connection, int readLength) => new Thread(() =>
    {
        try
        {
            using (connection.Stream) ServerSync.Serve(connection.Stream, readLength);
        }
        catch (IOException failure)
        {
            Complain(failure);
        }
    })
    { IsBackground = true, Name = "bench-server" }.Start();

    private static async Task ServeAsync(Connection connection, int readLength)
    {
        try
        {
            await using (connection) await ServerAsync.ServeAsync(connection.Stream, readLength);
        }
        catch (IOException failure)
        {
            Complain(failure);
        }
    }

    private static void Complain(IOException failure) => Console.Error.WriteLine($"smc: bench server: {FailureText.Describe(failure).Line}");

    public static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
