using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Transport;
using Smc.Transport.Paths.Smcd;
using Xunit.Abstractions;

namespace Actors.Tests.Faults;

/// <summary>One end has no mapping left for what it makes or is offered: a fallback that both ends name, and no rule that anyone has broken.</summary>
public sealed class MappingLimitTests(ITestOutputHelper output) : RendezvousTest
{
    private const int Bytes = 100_000;

    /// <summary>The group of a handshake that has failed ends at once.</summary>
    private const string NoDelay = "smc.link-group.idle-delay = 1ms";

    [Theory]
    [InlineData(true, 0, true)]     // the server's control region
    [InlineData(true, 1, true)]     // its slab
    [InlineData(true, 2, false)]    // the client's slab, which the client hears of before it confirms
    [InlineData(false, 0, false)]   // the control region that the server offers
    [InlineData(false, 1, false)]   // its slab
    [InlineData(false, 2, false)]   // the client's
    public async Task A_connection_for_which_a_mapping_is_missing_is_TCP_and_nothing_stays_mapped(bool atServer, int most, bool isServerWithout)
    {
        Pair pair = await StartPairAsync(NoDelay, NoDelay);
        SmcRuntime limited = atServer ? pair.Server : pair.Client;
        limited.Device.Mappings = new PeerMappings(most, most);
        for (int i = 0; i < 2; i++)
        {
            await using (Ends ends = await pair.ConnectAsync())
            {
                (SmcStream without, SmcStream other) = isServerWithout ? (ends.Server, ends.Client) : (ends.Client, ends.Server);
                Assert.Equal((SmcMode.Tcp, SmcReason.OutOfMemory), (without.Mode, without.FallbackReason));
                Assert.Equal((SmcMode.Tcp, SmcReason.PeerDeclined), (other.Mode, other.FallbackReason));
                await Exchange.BothWaysAsync(ends, Bytes, Seed.Take(output));
            }

            await Eventually.EqualAsync(0, () => limited.Device.Mappings.Count, "mappings");
        }

        limited.Device.Mappings = new PeerMappings(most: 3, mostOfPeer: 3);
        await using Ends shared = await pair.ConnectAsync();
        Assert.Equal(SmcMode.SmcD, shared.Server.Mode);
        Assert.Equal((string.Empty, string.Empty), (pair.Server.BrokenRules(), pair.Client.BrokenRules()));
    }
}
