using System.Net;
using System.Net.Sockets;
using Smc.Actors.Protocol;
using Smc.Actors.Telemetry;
using Smc.Transport;
using static Smc.Actors.Protocol.RuntimeEvents;

namespace Actors.Tests.Telemetry;

public sealed class HandshakeJournalTests
{
    [Fact]
    public void What_has_been_told_does_not_change_when_the_handshake_goes_on()
    {
        var events = new EventPublisher();
        var told = new List<RuntimeEvent>();
        events.Subscribe("the test", told.Add);
        var journal = new HandshakeJournal(events, ConnectionRole.Client, new IPEndPoint(IPAddress.Loopback, 4711), HandshakeStart.Now(), new Nobody());
        journal.Sent(HandshakeMessageKind.Announce);
        journal.Fail(SocketError.TimedOut);
        journal.Received(HandshakeMessageKind.Matched);
        var ended = Assert.IsType<HandshakeEnded>(Assert.Single(told));
        Assert.Equal(HandshakeMessageKind.Announce, Assert.Single(ended.Messages).Kind);
    }

    private sealed class Nobody : LinkGroupProtocol.IStreamReceiver
    {
        public void Deliver(SmcStream stream)
        {
            // There is none.
        }

        public void Fail(SocketError reason)
        {
            // Known.
        }
    }
}
