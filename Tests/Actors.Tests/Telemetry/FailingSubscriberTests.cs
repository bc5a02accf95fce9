using System.Diagnostics.Metrics;
using Actors.Tests.Harness;
using Smc.Actors.Telemetry;
using Smc.Transport;
using Xunit.Abstractions;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

/// <summary>Whoever listens to the meter runs on the runtime's threads, and may fail there.</summary>
[Collection(Alone.Name)]
public sealed class FailingSubscriberTests(ITestOutputHelper output) : RendezvousTest
{
    [Fact]
    public async Task A_meter_listener_that_throws_breaks_no_connection()
    {
        using var failing = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Smc.Actors") listener.EnableMeasurementEvents(instrument);
            },
        };
        int failures = 0;
        failing.SetMeasurementEventCallback<double>((_, _, _, _) => Fail(ref failures));
        failing.SetMeasurementEventCallback<long>((_, _, _, _) => Fail(ref failures));
        failing.Start();
        Pair pair = await StartPairAsync("smc.buffers.max-dmbs = 1");
        var heard = new HeardEvents(pair.Client);
        foreach (SmcMode mode in new[] { SmcMode.SmcD, SmcMode.Tcp })
        {
            await pair.DmbsAsync(0); // The one buffer of the round before is back.
            await using Ends ends = await pair.ConnectAsync();
            await using Ends fallen = await pair.ConnectAsync();
            Assert.Equal((SmcMode.SmcD, SmcMode.Tcp), (ends.Client.Mode, fallen.Client.Mode));
            await Exchange.BothWaysAsync(mode == SmcMode.SmcD ? ends : fallen, 1_000, Seed.Take(output));
        }

        await pair.DmbsAsync(0);
        await Eventually.EqualAsync(4, () => heard.Of<ConnectionClosed>().Count, "connections told to be closed");
        Assert.InRange(Volatile.Read(ref failures), 8, int.MaxValue);
    }

    [Fact]
    public void A_subscriber_that_throws_costs_no_other_one_the_event()
    {
        var events = new EventPublisher();
        var heard = new List<RuntimeEvent>();
        events.Subscribe("one that fails", _ => throw new InvalidOperationException("It cannot."));
        events.Subscribe("one that hears", heard.Add);
        var happened = new DeviceDown("loopback-ism", SmcReason.NoSmcdDevice);
        for (int i = 0; i < 3; i++) events.Publish(happened);
        Assert.Equal([happened, happened, happened], heard);
    }

    private static void Fail(ref int failures)
    {
        Interlocked.Increment(ref failures);
        throw new InvalidOperationException("This listener cannot count.");
    }
}
