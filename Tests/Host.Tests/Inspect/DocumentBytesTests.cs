using System.Buffers;
using Smc.Host.CommandLine;
using Smc.Host.Inspect;

namespace Smc.Host.Tests.Inspect;

public sealed class DocumentBytesTests
{
    [Fact]
    public void Pieces_stand_one_behind_the_other_however_many_they_are()
    {
        byte[] whole = [.. Enumerable.Range(0, 500_000).Select(i => (byte)(i % 251))];
        using var document = new DocumentBytes();
        foreach (byte[] piece in whole.Chunk(60_001)) document.Add(new ReadOnlySequence<byte>(piece));
        Assert.True(document.Written.Span.SequenceEqual(whole));
        document.Dispose();
        Assert.True(document.Written.IsEmpty);
    }

    [Fact]
    public void One_without_an_end_is_not_taken()
    {
        using var document = new DocumentBytes();
        var piece = new ReadOnlySequence<byte>(new byte[DocumentBytes.Most / 4]);
        for (int i = 0; i < 4; i++) document.Add(piece);
        Assert.Throws<CommandFailure>(() => document.Add(new ReadOnlySequence<byte>(new byte[1])));
    }
}
