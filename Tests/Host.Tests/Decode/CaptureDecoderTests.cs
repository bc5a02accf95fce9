using System.Text.Json;
using System.Text.Json.Nodes;
using Smc.Host.Decode;

namespace Smc.Host.Tests.Decode;

public sealed class CaptureDecoderTests
{
    private const uint Isn = 0xFFFF_FFF0; // sequence numbers wrap within the first message

    private static readonly byte[] Decline = Convert.FromHexString("e2d4c3d904001c10e141020000000b010303000000000000e2d4c3d9");
    private static readonly byte[] Accept = Convert.FromHexString(
        CaptureFile.Recorded("smcr-v1-first-contact").First(m => m.GetProperty("kind").GetString() == "ACCEPT").GetProperty("hex").GetString()!);

    public static TheoryData<string> Names => [.. CaptureFile.Names];

    [Fact]
    public void All_captures_are_there() => Assert.Equal(49, CaptureFile.Names.Length);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_capture_gives_exactly_its_recorded_CLC_messages(string name)
    {
        JsonElement[] expected = CaptureFile.Recorded(name);
        JsonObject[] actual = [.. CaptureFile.Decode(CaptureFile.Bytes(name)).Select(r => r.ToJson())];
        Assert.Equal(expected.Length, actual.Length);
        foreach ((JsonElement recorded, JsonObject record) in expected.Zip(actual))
        {
            foreach (string key in (string[])["frame", "from", "to", "layer", "kind", "length", "hex"])
                Assert.Equal($"{recorded.GetProperty(key)}", $"{record[key]}");
            Assert.Equal(recorded.GetProperty("time").GetDecimal(), (decimal)record["time"]!);
            Assert.Equal((string)record["hex"]!, (string)record["reencoded"]!);
            Assert.Null(record["response"]);
            Assert.Null(record["error"]);
            Assert.Equal($"{recorded.GetProperty("version")}", $"{record["fields"]!["version"]}");
        }
    }

    [Fact]
    public void Fields_are_named_as_in_the_protocol()
    {
        JsonNode confirm = CaptureFile.Decode(CaptureFile.Bytes("smcr-v2-asym-server1-client2-unreachable"))[2].ToJson()["fields"]!;
        const string expected = """
            {
                "version": 2, "type": "R", "first_contact": true, "id_for_peer": "3f56020000000b01", "gid": "00000000000000000000ffff0a000002",
                "mac": "020000000b01", "qpn": 17, "rkey": "0000036a", "rmbe_index": 1, "alert_token": 1, "rmbe_size": 2, "qp_mtu": 3,
                "rmb_va": "ff1cd8b58c130000", "initial_psn": 13189758, "eid": "GOLDEN.TEST.UEID.1", "v2_direct": true, "os": 2, "release": 1,
                "hostname": "vmb", "feature_mask": "0001", "fce_vendor_options": "00000000", "max_conns": 255, "max_links": 2,
                "gid_list": ["00000000000000000000ffff0a000002","00000000000000000000ffff0a000102"]
            }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(confirm.ToJsonString())), confirm.ToJsonString());
        JsonNode proposal = CaptureFile.Decode(CaptureFile.Bytes("smcd-loopback-v2"))[0].ToJson()["fields"]!;
        Assert.Equal("""[{"gid":"0c33dac38ec94f09ad484a98292c8c30","chid":"ffff"}]""", proposal["ism_devices"]!.ToJsonString());
        JsonNode decline = CaptureFile.Decode(CaptureFile.Bytes("decline"))[1].ToJson()["fields"]!;
        Assert.Equal(("03030002", "NOSMCRDEV"), ((string)decline["diagnosis"]!, (string)decline["reason"]!));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    public void Segments_of_any_size_and_order_give_the_same_messages(int size)
    {
        byte[] stream = [.. Accept, .. Decline, .. "plain text of the application"u8];
        List<byte[]> packets = [];
        for (int at = 0; at < stream.Length; at += size)
        {
            byte[] part = stream[at..Math.Min(at + size, stream.Length)];
            packets.Add(CaptureFile.Segment(Isn + 1 + (uint)at, part, padding: at % 5));
        }
        AssertBoth(packets);
        AssertBoth([.. packets.SelectMany(p => new[] { p, p })]);                    // sent twice
        for (int i = 0; i + 2 < packets.Count; i += 3) (packets[i], packets[i + 2]) = (packets[i + 2], packets[i]);
        AssertBoth(packets);

        static void AssertBoth(IEnumerable<byte[]> packets)
        {
            byte[] syn = CaptureFile.Segment(Isn, [], syn: true);
            IReadOnlyList<WireRecord> records = CaptureFile.Decode(CaptureFile.Write([syn, .. packets]));
            Assert.Equal(["ACCEPT", "DECLINE"], records.Select(r => r.Kind));
            Assert.Equal([Accept, Decline], records.Select(r => r.Message));
        }
    }

    [Fact]
    public void Retransmissions_that_overlap_add_only_what_is_new()
    {
        byte[][] packets =
        [
            CaptureFile.Segment(Isn, [], syn: true), CaptureFile.Segment(Isn + 1, Decline.AsSpan(0, 10)),
            CaptureFile.Segment(Isn + 6, Decline.AsSpan(5, 10)), CaptureFile.Segment(Isn + 1, Decline),
        ];
        WireRecord record = Assert.Single(CaptureFile.Decode(CaptureFile.Write(packets)));
        Assert.Equal((4, "10.0.0.1:1", "10.0.0.2:2"), (record.Frame, record.From, record.To));
        Assert.Equal(Decline, record.Message);
    }

    [Fact]
    public void A_connection_on_the_same_ports_begins_anew()
    {
        byte[][] packets =
        [
            CaptureFile.Segment(Isn, [], syn: true), CaptureFile.Segment(Isn + 1, Decline), CaptureFile.Segment(77, [], syn: true),
            CaptureFile.Segment(78, Accept),
        ];
        Assert.Equal([2, 4], CaptureFile.Decode(CaptureFile.Write(packets)).Select(r => r.Frame));
    }

    [Fact]
    public void A_capture_that_begins_later_is_read_from_its_first_segment()
    {
        Assert.Single(CaptureFile.Decode(CaptureFile.Write([CaptureFile.Segment(1, Accept)])));
        Assert.Empty(CaptureFile.Decode(CaptureFile.Write([CaptureFile.Segment(1, "GET / HTTP/1.1"u8), CaptureFile.Segment(15, Accept)])));
    }

    [Fact]
    public void A_message_that_is_not_valid_names_the_rule()
    {
        byte[] noTrailer = [.. Accept[..^1], 0], badLength = [.. Decline[..6], 5, .. Decline[7..]];
        AssertError("BadTrailer", "ACCEPT", noTrailer);
        AssertError("BadLength", "DECLINE", badLength);
        AssertError("Truncated", "ACCEPT", Accept[..40]);

        static void AssertError(string error, string kind, byte[] data)
        {
            WireRecord record = Assert.Single(CaptureFile.Decode(CaptureFile.Write([CaptureFile.Segment(1, data)])));
            Assert.Equal((error, kind), (record.Error, record.Kind));
            Assert.Null(record.Reencoded);
            Assert.Empty(record.Fields);
        }
    }

    [Fact]
    public void Reserved_bytes_in_use_show_in_what_is_reencoded()
    {
        byte[] message = [.. Decline];
        message[21] = 9;
        WireRecord record = Assert.Single(CaptureFile.Decode(CaptureFile.Write([CaptureFile.Segment(1, message)])));
        Assert.Equal(Decline, record.Reencoded);
        Assert.EndsWith("(reserved bytes in use)", record.Summary, StringComparison.Ordinal);
    }
}
