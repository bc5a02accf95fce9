using System.Net.Sockets;
using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Listeners;
using Smc.Actors.Settings;
using Smc.Transport;

namespace Actors.Tests.Supervision;

/// <summary>A message that carries a connection.</summary>
public sealed class AcceptedSocketTests : RendezvousTest
{
    [Fact]
    public async Task A_connection_that_its_listener_failed_at_is_reset_and_the_next_one_is_served()
    {
        var plan = new CrashPlan();
        SmcRuntime runtime = Own(await SmcRuntime.StartAsync(SmcSettings.Parse("smc.negotiation = never\nakka.loglevel = OFF"), plan.PropsOf));
        ISmcListener listener = Own(await runtime.ListenAsync(Loopback));
        Task crashed = plan.Arm(typeof(ListenerActor), typeof(Accepted));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        SocketException end = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(listener.LocalEndPoint);   // a reset may be quicker than this returns
            await client.ReceiveAsync(new byte[1]).Guard();
        });
        Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
        await crashed.Guard();
        using var next = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await next.ConnectAsync(listener.LocalEndPoint);
        await using SmcStream served = await listener.AcceptAsync().Guard();
        Assert.Equal(SmcReason.SmcDisabled, served.FallbackReason);
    }
}
