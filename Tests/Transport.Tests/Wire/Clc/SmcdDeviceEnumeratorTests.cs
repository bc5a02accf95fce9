using System.Buffers.Binary;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

public sealed class SmcdDeviceEnumeratorTests
{
    private const ushort Emulated = 0xFF07;
    private const ushort Native = 0x07C1;

    [Fact]
    public void An_emulated_device_takes_two_entries_and_a_native_one_takes_one() => Assert.Equal(
        [new(new SmcGid(1, 2), Emulated), new(new SmcGid(3, 0), Native), new(new SmcGid(4, 5), 0xFFFF)],
        Offered((1, Emulated), (2, Emulated), (3, Native), (4, 0xFFFF), (5, 0xFFFF)));

    [Fact]
    public void An_entry_without_its_second_half_is_passed_over() => Assert.Equal(
        [new(new SmcGid(2, 3), 0xFFFF)],
        Offered((1, Emulated), (2, 0xFFFF), (3, 0xFFFF), (4, Emulated)));

    [Fact]
    public void An_empty_slot_is_no_device() => Assert.Equal([new(new SmcGid(7, 0), Native)], Offered((0, 0), (9, 0), (7, Native)));

    [Fact]
    public void The_native_device_of_the_SMC_D_area_comes_first()
    {
        var native = new SmcdDeviceId(new SmcGid(9, 0), Native);
        byte[] message = Samples.Write(new ProposalFields { PathV1 = ClcPath.Smcd, NativeDevice = native, Devices = [Samples.ClientDevice] });
        Assert.Equal([native, Samples.ClientDevice], Read(message));
    }

    [Fact]
    public void An_emulated_device_that_does_not_fit_is_left_out_of_a_proposal()
    {
        SmcdDeviceId[] natives = [.. Enumerable.Range(1, 7).Select(i => new SmcdDeviceId(new SmcGid((ulong)i, 0), (ushort)i))];
        Assert.Equal(natives, Read(Samples.Write(new ProposalFields { Devices = [.. natives, Samples.ClientDevice] })));
    }

    private static List<SmcdDeviceId> Offered(params (ulong Gid, ushort Chid)[] entries)
    {
        // Written as so many native devices, then overwritten: a writer makes no broken pairs.
        byte[] message = Samples.Write(new ProposalFields { Devices = [.. entries.Select((_, i) => new SmcdDeviceId(default, (ushort)(i + 1)))] });
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = message.AsSpan(message.Length - 4 - (10 * (entries.Length - i)));
            BinaryPrimitives.WriteUInt64BigEndian(entry, entries[i].Gid);
            BinaryPrimitives.WriteUInt16BigEndian(entry[8..], entries[i].Chid);
        }
        return Read(message);
    }

    private static List<SmcdDeviceId> Read(byte[] message)
    {
        Assert.Equal(WireError.None, Proposal.TryWrap(message, out Proposal proposal));
        List<SmcdDeviceId> devices = [];
        foreach (SmcdDeviceId device in proposal.Devices)
            devices.Add(device);
        return devices;
    }
}
