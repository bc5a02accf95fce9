using Akka.TestKit.Xunit2;
using Smc.Actors;

namespace Actors.Tests.Settings;

public sealed class UnknownKeySpec : TestKit
{
    public UnknownKeySpec()
        : base("smc { negotiation = never, handshake.match-timout = 5s, listener { backlog = 7, baklog = 8 } }")
    {
    }

    [Fact]
    public void Each_unknown_key_is_warned_about_once_when_the_runtime_starts() =>
        EventFilter.Warning(message: "smc.listener.baklog is not a key; did you mean smc.listener.backlog?").ExpectOne(
            () => EventFilter.Warning(message: "smc.handshake.match-timout is not a key; did you mean smc.handshake.match-timeout?").ExpectOne(
                () =>
                {
                    SmcRuntime runtime = SmcExtension.Get(Sys);
                    Assert.Same(runtime, SmcExtension.Get(Sys));
                }));
}
