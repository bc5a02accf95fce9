using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Wire.Cdc;

public sealed class SmcdCdcWordsTests
{
    [Theory]
    [InlineData("smcd-loopback-v2.dmb")]
    [InlineData("smcd-loopback-v2-bulk.dmb")]
    public void Captured_areas_decode_to_their_fields_and_encode_to_the_same_bytes(string name)
    {
        Assert.True(BitConverter.IsLittleEndian, "The captures are those of a little-endian machine.");
        JsonElement[] records = Capture.Records(name);
        Assert.NotEmpty(records);
        foreach (JsonElement record in records)
        {
            byte[] area = Capture.Bytes(record);
            JsonElement fields = record.GetProperty("fields");
            ulong one = MemoryMarshal.Read<ulong>(area.AsSpan(SmcdCdcLayout.WordOne));
            ulong two = MemoryMarshal.Read<ulong>(area.AsSpan(SmcdCdcLayout.WordTwo));

            Assert.Equal(SmcdCdcLayout.Length, area.Length);
            Assert.Equal(SmcdCdcLayout.MessageType, area[SmcdCdcLayout.Type]);
            Assert.Equal(CursorOf(fields, "prod"), SmcdCdcWords.Cursor(one));
            Assert.Equal(CursorOf(fields, "cons"), SmcdCdcWords.Cursor(two));
            Assert.Equal(HexByte(fields, "prod_flags"), (byte)SmcdCdcWords.Flags(two));
            Assert.Equal(HexByte(fields, "conn_state_flags"), (byte)SmcdCdcWords.State(two));

            byte[] again = new byte[SmcdCdcLayout.Length];
            again[SmcdCdcLayout.Type] = SmcdCdcLayout.MessageType;
            ulong packedOne = SmcdCdcWords.Pack(SmcdCdcWords.Cursor(one));
            ulong packedTwo = SmcdCdcWords.Pack(SmcdCdcWords.Cursor(two), SmcdCdcWords.Flags(two), SmcdCdcWords.State(two));
            MemoryMarshal.Write(again.AsSpan(SmcdCdcLayout.WordOne), in packedOne);
            MemoryMarshal.Write(again.AsSpan(SmcdCdcLayout.WordTwo), in packedTwo);
            Assert.Equal(area, again);
        }
    }

    [Fact]
    public void Unpacking_undoes_packing() => Laws.Hold<(ushort, uint, byte, byte)>(input =>
    {
        var cursor = new CdcCursor(input.Item1, input.Item2);
        ulong word = SmcdCdcWords.Pack(cursor, (ProducerFlags)input.Item3, (ConnectionStateFlags)input.Item4);
        return SmcdCdcWords.Cursor(word) == cursor
            && (byte)SmcdCdcWords.Flags(word) == input.Item3
            && (byte)SmcdCdcWords.State(word) == input.Item4
            && SmcdCdcWords.Pack(cursor) == SmcdCdcWords.Pack(cursor, ProducerFlags.None, ConnectionStateFlags.None);
    });

    [Fact]
    public void The_layout_is_that_of_the_specification()
    {
        Assert.Equal(8, SmcdCdcLayout.WordOne);
        Assert.Equal(16, SmcdCdcLayout.WordTwo);
        Assert.Equal(32, SmcdCdcLayout.Length);
        Assert.Equal((0, 2, 6, 7), (SmcdCdcLayout.Wrap, SmcdCdcLayout.Count, SmcdCdcLayout.Flags, SmcdCdcLayout.State));
    }

    [Fact]
    public void Packing_and_unpacking_allocate_nothing()
    {
        ulong word = 0;
        var cursor = new CdcCursor(ushort.MaxValue, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 10_000; i++)
        {
            cursor = CursorMath.Advance(cursor, i, 16_352);
            word = SmcdCdcWords.Pack(cursor, 0, ConnectionStateFlags.PeerDoneWriting);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(cursor, SmcdCdcWords.Cursor(word));
    }

    private static CdcCursor CursorOf(JsonElement fields, string side) =>
        new(fields.GetProperty(side + "_wrap").GetUInt16(), fields.GetProperty(side + "_count").GetUInt32());

    private static byte HexByte(JsonElement fields, string name) =>
        byte.Parse(fields.GetProperty(name).GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
