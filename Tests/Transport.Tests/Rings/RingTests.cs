using Smc.Transport.Tests.Wire;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Rings;

/// <summary>Both halves of a ring against each other.</summary>
public sealed class RingTests
{
    private const int SmallRing = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(SmallRing)]
    [InlineData(16_352)]
    public void Bytes_out_are_a_prefix_of_bytes_in_whatever_the_chunks(int ringBytes) => Laws.Hold<(byte Kind, ushort Length)[]>(steps =>
    {
        var ring = new RingPair(ringBytes);
        var sent = new List<byte>();
        var received = new List<byte>();
        foreach ((byte kind, ushort length) in steps)
        {
            byte[] chunk = new byte[ChunkLength(kind, length, ringBytes)];
            for (int i = 0; i < chunk.Length; i++) chunk[i] = (byte)((sent.Count + i) % 251);
            if (kind % 4 < 2) sent.AddRange(chunk.AsSpan(0, ring.Write(chunk)));
            else received.AddRange(chunk.AsSpan(0, ring.Read(chunk)));
            if (kind % 3 == 0) ring.Update();
        }

        byte[] rest = new byte[ringBytes];
        received.AddRange(rest.AsSpan(0, ring.Read(rest)));
        return received.SequenceEqual(sent) && ring.Send.Producer == ring.Receive.Consumer;
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(SmallRing - 1, SmallRing - 1)]
    [InlineData(SmallRing, SmallRing)]
    [InlineData(SmallRing + 1, SmallRing)]
    public void A_ring_takes_its_size_and_not_a_byte_more(int length, int taken)
    {
        var ring = new RingPair(SmallRing);
        byte[] data = [.. Enumerable.Range(1, length).Select(i => (byte)i)];
        Assert.Equal(taken, ring.Write(data));
        Assert.Equal((uint)(SmallRing - taken), ring.Send.Space);
        byte[] read = new byte[SmallRing + 1];
        Assert.Equal(taken, ring.Read(read));
        Assert.Equal(data[..taken], read[..taken]);
        Assert.Equal(0, ring.Read(read));
    }

    [Fact]
    public void The_modulus_is_the_DMB_less_its_CDC_area()
    {
        var ring = new RingPair(16_384 - SmcdCdcLayout.Length);
        Assert.Equal(16_352u, ring.Send.Size);
        Assert.Equal(16_352u, ring.Receive.Size);
    }

    [Fact]
    public void Space_follows_the_confirmed_cursor_and_not_the_reading()
    {
        var ring = new RingPair(SmallRing);
        ring.Write(new byte[SmallRing]);
        Assert.Equal(SmallRing, ring.Read(new byte[SmallRing]));
        Assert.True(ring.Send.TryRefresh(out _, out _));
        Assert.Equal(0u, ring.Send.Space);
        Assert.False(ring.Send.LooksChanged());
        ring.Update();
        Assert.Equal((uint)SmallRing, ring.Send.Space);
    }

    [Fact]
    public void Nothing_is_seen_before_it_is_published()
    {
        var ring = new RingPair(SmallRing);
        ring.Send.Write(new byte[10]);
        Assert.False(ring.Receive.LooksChanged());
        Assert.Equal(0, ring.Read(new byte[10]));
        ring.FromWriter.PublishProducer(ring.Send.Producer);
        Assert.True(ring.Receive.LooksChanged());
        Assert.Equal(10, ring.Read(new byte[10]));
        Assert.False(ring.Receive.LooksChanged());
    }

    [Fact]
    public void A_ring_outlives_the_wrap_of_its_wrap()
    {
        const int Size = 8;
        var ring = new RingPair(Size);
        byte[] read = new byte[Size];
        for (int i = 0; i < ushort.MaxValue + 3; i++)
        {
            byte value = (byte)(i % 251);
            Assert.Equal(Size, ring.Write([value, 1, 2, 3, 4, 5, 6, value]));
            Assert.Equal(0u, ring.Send.Space);
            Assert.Equal(Size, ring.Read(read));
            if (read[0] != value || read[7] != value) Assert.Fail($"Wrong bytes in turn {i}.");
            ring.Update();
        }

        Assert.Equal(new CdcCursor(2, 0), ring.Send.Producer);
        Assert.Equal(ring.Send.Producer, ring.Receive.Consumer);
    }

    [Fact]
    public void A_copy_that_wraps_in_the_ring_keeps_the_order_of_its_bytes()
    {
        const int Size = 11;
        var ring = new RingPair(Size);
        for (byte start = 0; start < 200; start++)
        {
            byte[] data = [start, .. "wrapped"u8];
            Assert.Equal(data.Length, ring.Write(data));
            byte[] read = new byte[data.Length];
            Assert.Equal(data.Length, ring.Read(read));
            Assert.Equal(data, read);
            ring.Update();
        }
    }

    [Fact]
    public void Two_threads_move_every_byte_in_order() => Seeds.Run(seed =>
    {
        const int Total = 2_000_000;
        var ring = new RingPair(1000);
        HangGuard.AtOnce(
            () =>
            {
                var random = new Random(seed);
                byte[] chunk = new byte[1500];
                int sent = 0;
                while (sent < Total)
                {
                    int length = Math.Min(random.Next(1, chunk.Length), Total - sent);
                    for (int i = 0; i < length; i++) chunk[i] = (byte)((sent + i) % 251);
                    int count = ring.Send.Write(chunk.AsSpan(0, length));
                    sent += count;
                    if (count > 0) ring.FromWriter.PublishProducer(ring.Send.Producer);
                    else Thread.Yield();
                    Assert.True(ring.Send.TryRefresh(out _, out _));
                }
            },
            () =>
            {
                var random = new Random(~seed);
                byte[] chunk = new byte[1500];
                int received = 0;
                while (received < Total)
                {
                    int count = ring.Read(chunk.AsSpan(0, random.Next(1, chunk.Length)));
                    for (int i = 0; i < count; i++)
                    {
                        if (chunk[i] != (byte)((received + i) % 251)) Assert.Fail($"Wrong byte at {received + i}.");
                    }

                    received += count;
                    ring.Receive.Confirm();
                    ring.FromReader.PublishConsumer(ring.Receive.Consumer);
                    if (count == 0) Thread.Yield();
                }
            });
    });

    [Fact]
    public void Writing_and_reading_allocate_nothing()
    {
        var ring = new RingPair(SmallRing);
        byte[] frame = new byte[14];
        Turn(1);

        // The quietest of these windows: the runtime allocates on this thread when it replaces the loop's code.
        Assert.Equal(0, Enumerable.Range(0, 4).Min(_ => Allocated()));

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Turn(100_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Turn(int times)
        {
            for (int i = 0; i < times; i++)
            {
                ring.Write(frame);
                ring.Read(frame);
                ring.Update();
            }
        }
    }

    private static int ChunkLength(byte kind, ushort length, int ringBytes) => (kind % 7) switch
    {
        0 => 0,
        1 => 1,
        2 => ringBytes - 1,
        3 => ringBytes,
        4 => ringBytes + 1,
        _ => length % (2 * ringBytes),
    };
}
