using Smc.Host.CommandLine;
using Smc.Host.Decode;

namespace Smc.Host.Tests.Decode;

public sealed class PcapReaderTests
{
    private const int Mutations = 2_000;

    public static TheoryData<int, string> Headers => new()
    {
        { (int)LinkType.Ethernet, "0200000000010200000000020800" },
        { (int)LinkType.Ethernet, "020000000001020000000002810000640800" },             // a VLAN tag
        { (int)LinkType.Ethernet, "02000000000102000000000288A80064810000640800" },     // two
        { (int)LinkType.LinuxSll, "00000001000602000000000200000800" },
        { (int)LinkType.LinuxSll2, "0800000000000002000100060200000000020000" },
        { (int)LinkType.Null, "02000000" },
        { (int)LinkType.Loop, "00000002" },
        { (int)LinkType.Raw, "" },
        { (int)LinkType.RawBsd, "" },
        { (int)LinkType.Ipv4, "" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Every_link_type_leads_to_the_same_messages(int type, string header)
    {
        byte[] prefix = Convert.FromHexString(header);
        byte[] file = CaptureFile.Write(CaptureFile.IpPackets("smcr-v2-first-contact").Select(p => (byte[])[.. prefix, .. p]), (LinkType)type);
        Assert.Equal([4, 6, 8], CaptureFile.Decode(file).Select(r => r.Frame));
    }

    [Theory]
    [InlineData(false, false, 0.000500)]
    [InlineData(true, false, 0.000500)]
    [InlineData(false, true, 0.0000005)]
    [InlineData(true, true, 0.0000005)]
    public void Both_byte_orders_and_both_time_units_are_read(bool bigEndian, bool nanoseconds, double fraction)
    {
        byte[] file = CaptureFile.Write(CaptureFile.IpPackets("smcr-v1-over-ipv6-tcp"), LinkType.Raw, bigEndian, nanoseconds);
        Assert.Equal([7, 9, 11], CaptureFile.Decode(file).Select(r => r.Frame));
        Assert.Equal(7 + (decimal)fraction, CaptureFile.Decode(file)[0].Time);
    }

    [Fact]
    public void Every_cut_ends_in_one_line()
    {
        byte[] file = CaptureFile.Bytes("smcd-loopback-v2-decline-noeid");
        int whole = 0;
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            try
            {
                CaptureFile.Decode(cut);
                whole++;
            }
            catch (CommandFailure failure)
            {
                Assert.Equal(ExitCode.Failed, failure.Code);
                Assert.StartsWith("x.pcap is ", failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', failure.Message);
            }
        }
        using var capture = new PcapReader(new MemoryStream(file), "x.pcap");
        while (capture.TryRead(out _)) { }
        Assert.Equal(capture.Number, whole); // the cuts between two frames
    }

    [Fact]
    public void Damaged_captures_end_in_one_line_or_in_records()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[][] files = [.. CaptureFile.Names.Select(CaptureFile.Bytes).Where(f => f.Length < 10_000)];
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = [.. files[random.Next(files.Length)]];
            for (int flips = random.Next(1, 20); flips > 0; flips--) file[random.Next(file.Length)] = (byte)random.Next();
            try
            {
                foreach (WireRecord record in CaptureFile.Decode(file)) Assert.NotEmpty(record.ToJson().ToJsonString());
            }
            catch (CommandFailure failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed={seed}, mutation {i}", failure);
            }
        }
    }

    [Theory]
    [InlineData("", "is no pcap file")]
    [InlineData("48656C6C6F", "is no pcap file")]
    [InlineData("0A0D0D0A1C000000", "is a pcapng file")]
    [InlineData("D4C3B2A102000400", "ends within its header")]
    [InlineData("D4C3B2A1020004000000000000000000000004006900000000", "link type 105")]
    [InlineData("D4C3B2A10200040000000000000000000000040001000000FF", "within the header of frame 1")]
    [InlineData("D4C3B2A1020004000000000000000000000004000100000000000000000000000000000100000000", "frame 1 claims 16777216 bytes")]
    [InlineData("D4C3B2A10200040000000000000000000000040001000000000000000000000002000000020000000F", "ends within frame 1")]
    public void A_bad_file_is_named_in_one_line(string hex, string complaint)
    {
        CommandFailure failure = Assert.Throws<CommandFailure>(() => CaptureFile.Decode(Convert.FromHexString(hex)));
        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }
}
