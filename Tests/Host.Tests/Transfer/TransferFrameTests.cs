using Smc.Host.Transfer;

namespace Smc.Host.Tests.Transfer;

public sealed class TransferFrameTests
{
    [Fact]
    public void A_header_is_its_magic_and_the_length_in_network_order() =>
        Assert.Equal([.. "SMCSEND1"u8, 0, 0, 0, 1, 2, 3, 4, 5], TransferFrame.Header(0x01_0203_0405));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_length_comes_back_from_its_header(long length)
    {
        Assert.True(TransferFrame.TryReadLength(TransferFrame.Header(length).AsSpan(TransferFrame.MagicLength), out long read));
        Assert.Equal(length, read);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    public void A_negative_or_cut_length_is_refused(byte[] field) => Assert.False(TransferFrame.TryReadLength(field, out _));

    [Fact]
    public void A_receipt_is_its_magic_the_status_and_the_digest()
    {
        byte[] digest = [.. Enumerable.Range(1, TransferFrame.DigestLength).Select(i => (byte)i)];
        Assert.Equal([.. "SMCDONE1"u8, 2, .. digest], TransferFrame.Receipt(ReceiptStatus.NotStored, digest));
    }
}
