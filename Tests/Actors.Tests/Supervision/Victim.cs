using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Peer;
using Smc.Transport;

namespace Actors.Tests.Supervision;

/// <summary>What a user at the client's end sees of one connection to an <see cref="EchoServer"/>.</summary>
internal static class Victim
{
    private const int Bytes = 10_000;

    /// <summary>An ordinary connection.</summary>
    public static Task<(string Outcome, IPEndPoint? From)> LiveAsync(CrashWorld world) => LiveAsync(world, () => Task.CompletedTask);

    /// <summary>Connects, sends bytes round, lets something happen, sends bytes round again, and closes.</summary>
    /// <param name="world">Where.</param>
    /// <param name="meanwhile">What happens while the connection is open, if it comes to that.</param>
    /// <param name="untilBroken">The bytes go round until that shows.</param>
    /// <returns>What the client saw: how the connection ended in words, and its address if it had one.</returns>
    public static async Task<(string Outcome, IPEndPoint? From)> LiveAsync(CrashWorld world, Func<Task> meanwhile, bool untilBroken = false)
    {
        SmcStream stream;
        try
        {
            stream = await world.Client.ConnectAsync(world.Echo.EndPoint).Guard();
        }
        catch (SocketException e)
        {
            return ($"refused:{e.SocketErrorCode}", null);
        }
        catch (OperationCanceledException)
        {
            return ("refused:Canceled", null);
        }

        await using (stream)
        {
            try
            {
                await RoundAsync(stream, seed: 1);
                await meanwhile();
                long since = Stopwatch.GetTimestamp();
                do await RoundAsync(stream, seed: 2);
                while (untilBroken && Stopwatch.GetElapsedTime(since) < Eventually.HangGuard);
                stream.ShutdownWrite();
                Assert.Empty(await Exchange.ReadToEndAsync(stream));
                return (stream.Mode == SmcMode.SmcD ? "SmcD" : $"Tcp:{stream.FallbackReason}", stream.LocalEndPoint);
            }
            catch (IOException e) when (e.InnerException is SocketException cause)
            {
                return ($"broken:{cause.SocketErrorCode}", stream.LocalEndPoint);
            }
        }
    }

    private static async Task RoundAsync(SmcStream stream, int seed)
    {
        byte[] sent = SeededBytes.Take(Bytes, seed);
        byte[] back = new byte[Bytes];
        await stream.WriteAsync(sent).Guard();
        await stream.ReadExactlyAsync(back).Guard();
        Assert.Equal(sent, back);
    }
}
