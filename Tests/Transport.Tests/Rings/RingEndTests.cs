using System.Net.Sockets;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Tests.Paths.Smcd;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

/// <summary>An end of stream, once seen, stays (state flags are sticky), and what a peer produces after it is nobody's.</summary>
public sealed class RingEndTests
{
    private const int Size = 64;

    [Theory]
    [InlineData(ConnectionStateFlags.PeerDoneWriting)]
    [InlineData(ConnectionStateFlags.PeerConnectionClosed)]
    [InlineData(ConnectionStateFlags.PeerConnectionAbort)]
    public void The_look_that_finds_an_end_is_the_last_at_the_producer(ConnectionStateFlags state)
    {
        var ring = new RingPair(Size);
        ring.Write([1, 2, 3]);
        ring.FromWriter.PublishState(state);
        Assert.True(ring.Receive.TryRefresh(out ulong flags, out _));
        Assert.Equal(state, SmcdCdcWords.State(flags));
        ring.WriterWord = 0;   // cleared again
        ring.Write([4, 5]);
        Assert.True(ring.Receive.TryRefresh(out flags, out _));
        Assert.Equal(ConnectionStateFlags.None, SmcdCdcWords.State(flags));
        byte[] read = new byte[Size];
        Assert.Equal(3, ring.Receive.Read(read));
        Assert.Equal([1, 2, 3], read[..3]);
        Assert.Equal(0, ring.Receive.Read(read));
    }

    [Fact]
    public void A_state_that_has_been_found_is_no_change_however_often_it_comes_and_goes()
    {
        var ring = new RingPair(Size);
        ring.ReaderWord = ring.WriterWord = SmcdCdcWords.Pack(default, 0, ConnectionStateFlags.PeerDoneWriting);
        Assert.True(ring.Receive.LooksChanged());
        Assert.True(ring.Send.LooksChanged());
        Assert.True(ring.Receive.TryRefresh(out _, out _));
        Assert.True(ring.Send.TryRefresh(out _, out _));
        foreach (ConnectionStateFlags flicker in new[] { ConnectionStateFlags.None, ConnectionStateFlags.PeerDoneWriting })
        {
            ring.ReaderWord = ring.WriterWord = SmcdCdcWords.Pack(default, 0, flicker);
            Assert.False(ring.Receive.LooksChanged());
            Assert.False(ring.Send.LooksChanged());
        }

        ring.ReaderWord = ring.WriterWord = SmcdCdcWords.Pack(default, 0, ConnectionStateFlags.PeerConnectionClosed);
        Assert.True(ring.Receive.LooksChanged());
        Assert.True(ring.Send.LooksChanged());
    }

    [Fact]
    public void A_reader_that_was_told_of_its_peers_death_gets_no_byte_that_comes_afterwards()
    {
        using var group = new SmcdGroup(new WaitSettings(0, false));
        SmcdLink link = group.Connect();
        link.Server.LosePeer();
        byte[] read = new byte[Size];
        for (int i = 0; i < 2; i++)
        {
            IOException broken = Assert.Throws<IOException>(() => link.Server.Stream.Read(read));
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(broken.InnerException).SocketErrorCode);
            link.Server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 5)));   // dead to the control plane, and still writing
        }
    }

    [Fact]
    public void An_end_that_the_writer_found_and_the_reader_told_of_stays()
    {
        using var group = new SmcdGroup(new WaitSettings(0, false));
        SmcdLink link = group.Connect();
        link.Server.WriteWord(SmcdCdcLayout.WordTwo, SmcdCdcWords.Pack(default, 0, ConnectionStateFlags.PeerDoneWriting));
        link.Server.Stream.WriteTimeout = 1;
        Assert.Throws<IOException>(() => link.Server.Stream.Write(new byte[group.RingBytes + 1]));   // full: the writer has looked
        link.Server.WriteWord(SmcdCdcLayout.WordTwo, 0);
        byte[] read = new byte[Size];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(0, link.Server.Stream.Read(read));
            link.Server.WriteWord(SmcdCdcLayout.WordOne, SmcdCdcWords.Pack(new CdcCursor(0, 5)));
        }

        Assert.Equal(RingViolation.None, link.Server.Violation);
    }
}
