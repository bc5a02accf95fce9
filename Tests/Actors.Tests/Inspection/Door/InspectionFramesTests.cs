using System.Buffers;
using System.Text;
using Actors.Tests.Harness;
using Smc.Actors.Inspection.Door;
using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection.Door;

/// <summary>What goes through the door has its limits.</summary>
public sealed class InspectionFramesTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData("a", InspectionFrames.MaxAnswer)]
    [InlineData("a", InspectionFrames.MaxAnswer + 1)]
    [InlineData("…", 200_000)]
    [InlineData("\U0001F600", 50_000)]
    [InlineData("é", 65_536)]
    public async Task A_long_answer_comes_in_several_frames_and_no_character_is_cut(string character, int times)
    {
        string text = string.Concat(Enumerable.Repeat(character, times));
        byte[] frames = [.. InspectionFrames.Answer(FrameKind.Error, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text))).SelectMany(frame => (byte[])[.. frame.Header, .. frame.Text.Span])];
        var reader = new InspectionReader(new MemoryStream(frames));
        var read = new StringBuilder();
        (FrameKind Kind, string Text) answer;
        do
        {
            answer = await reader.ReadAnswerAsync(CancellationToken.None).Guard();
            Assert.InRange(Encoding.UTF8.GetByteCount(answer.Text), 0, InspectionFrames.MaxAnswer);
            read.Append(answer.Text);
        }
        while (answer.Kind == FrameKind.More);
        Assert.Equal(FrameKind.Error, answer.Kind);
        Assert.Equal(text, read.ToString());
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadAnswerAsync(CancellationToken.None));
    }

    [Fact]
    public void A_piece_goes_into_a_frame_from_where_it_stands()
    {
        ReadOnlySequence<byte> text = ReportBytes.Of(new string('x', 3 * InspectionFrames.MaxAnswer));
        ReadOnlyMemory<byte>[] frames = [.. InspectionFrames.Answer(FrameKind.Final, text).Select(frame => frame.Text)];
        var pieces = new List<ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> piece in text) pieces.Add(piece);
        Assert.Equal(pieces, frames);
    }

    [Theory]
    [InlineData("Final 65537\n")]
    [InlineData("Final 2147483647\n")]
    [InlineData("Final -1\n")]
    [InlineData("Final\n")]
    [InlineData("Final 1 1\nx")]
    [InlineData("HTTP/1.1 200 OK\n")]
    public async Task An_answer_that_is_none_is_refused_before_it_is_read(string header)
    {
        var reader = new InspectionReader(new MemoryStream(Encoding.UTF8.GetBytes(header)));
        IOException failure = await Assert.ThrowsAsync<IOException>(() => reader.ReadAnswerAsync(CancellationToken.None));
        Assert.Equal("the process speaks another version of this protocol.", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_ends_early_is_the_end_of_the_process()
    {
        var reader = new InspectionReader(new MemoryStream("Final 10\nshort"u8.ToArray()));
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadAnswerAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_line_may_be_as_long_as_a_request_and_no_longer()
    {
        string longest = new('x', InspectionFrames.MaxRequest - 1);
        Assert.Equal(longest, await Reader(longest + "\nnext\n").ReadLineAsync(CancellationToken.None));
        Assert.Null(await Reader("x" + longest + "\n").ReadLineAsync(CancellationToken.None));
        Assert.Null(await Reader("no end").ReadLineAsync(CancellationToken.None));

        static InspectionReader Reader(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)));
    }
}
