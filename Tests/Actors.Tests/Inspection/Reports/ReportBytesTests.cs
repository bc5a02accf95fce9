using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection.Reports;

public sealed class ReportBytesTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a", 4_097)]
    [InlineData("é", 200_000)]
    [InlineData("…", 100_000)]
    [InlineData("\U0001F600", 50_000)]
    [InlineData("x\U0001F600", 50_000)]
    public void A_text_is_the_same_in_chunks_of_which_none_cuts_a_character(string character, int times)
    {
        string text = string.Concat(Enumerable.Repeat(character, times));
        ReadOnlySequence<byte> bytes = ReportBytes.Of(text);
        Assert.Equal(text, Encoding.UTF8.GetString(bytes));
        var whole = new StringBuilder();
        foreach (ReadOnlyMemory<byte> chunk in bytes)
        {
            Assert.InRange(chunk.Length, Math.Min(times, 1), ReportBytes.ChunkBytes);
            whole.Append(Encoding.UTF8.GetString(chunk.Span));
        }

        Assert.Equal(text, whole.ToString());
    }

    [Fact]
    public void A_report_of_many_rows_is_one_document_in_chunks_that_are_not_large()
    {
        const int many = 5_000;
        var report = new TableReport<int>("many", [Column.Count<int>("Number", "number", row => row), Column.Of<int>("Word", "word", row => $"ä…{row}")], [.. Enumerable.Range(0, many)], "Count");
        ReadOnlySequence<byte> bytes = report.ToUtf8(asJson: true, 80);
        Assert.False(bytes.IsSingleSegment);
        foreach (ReadOnlyMemory<byte> chunk in bytes) Assert.InRange(chunk.Length, 1, ReportBytes.ChunkBytes);
        Assert.Equal(report.ToJsonText(), Encoding.UTF8.GetString(bytes));
        JsonArray rows = JsonNode.Parse(report.ToJsonText())!["rows"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, many).Select(row => $"ä…{row}"), rows.Select(row => (string)row!["word"]!));
    }

    [Fact]
    public void Who_asks_for_more_room_than_a_chunk_gets_it()
    {
        var bytes = new ReportBytes();
        bytes.Write("a"u8);
        byte[] large = [.. Enumerable.Repeat((byte)'b', 3 * ReportBytes.ChunkBytes)];
        large.CopyTo(bytes.GetSpan(large.Length));
        bytes.Advance(large.Length);
        bytes.Write("c"u8);
        Assert.Equal([(byte)'a', .. large, (byte)'c'], bytes.ToSequence().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Advance(1));
    }
}
