using Smc.Transport.Paths.Smcd;

namespace Smc.Transport.Tests.Paths.Smcd;

public sealed class ConnectionStatesTests
{
    private const PathBits Close = PathBits.LocalClosed | PathBits.LocalDone;

    [Theory]
    [InlineData(PathBits.None, SmcConnectionState.Active)]
    [InlineData(PathBits.LocalDone, SmcConnectionState.PeerCloseWait1)]
    [InlineData(PathBits.PeerDone, SmcConnectionState.AppCloseWait1)]
    [InlineData(PathBits.PeerClosed, SmcConnectionState.AppCloseWait1)]
    [InlineData(PathBits.LocalDone | PathBits.PeerDone, SmcConnectionState.PeerCloseWait2)]
    [InlineData(PathBits.LocalDone | PathBits.PeerClosed, SmcConnectionState.AppFinCloseWait)]
    [InlineData(Close, SmcConnectionState.PeerCloseWait1)]
    [InlineData(Close | PathBits.PeerDone, SmcConnectionState.PeerFinCloseWait)]
    [InlineData(Close | PathBits.PeerClosed, SmcConnectionState.Closed)]
    [InlineData(Close | PathBits.LocalAborted, SmcConnectionState.PeerAbortWait)]
    [InlineData(PathBits.PeerAborted, SmcConnectionState.ProcessAbort)]
    [InlineData(PathBits.PeerLost, SmcConnectionState.ProcessAbort)]
    [InlineData(PathBits.Violated, SmcConnectionState.ProcessAbort)]
    [InlineData(Close | PathBits.PeerAborted, SmcConnectionState.Closed)]
    internal void What_has_happened_has_the_name_of_the_protocol(PathBits bits, SmcConnectionState expected) => Assert.Equal(expected, ConnectionStates.Of(bits));
}
