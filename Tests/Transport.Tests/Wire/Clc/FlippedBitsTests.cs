using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Transport.Tests.Wire.Clc;

/// <summary>Valid messages with each of their bits flipped, decoded and judged as an end of a handshake does it. What counts is told by the layout.</summary>
public sealed class FlippedBitsTests
{
    private const int Paths = 7;
    private const int Token = 16;
    private const int DmbIndex = 24;
    private const int SizeCode = 25;
    private const byte HighestOfSize = 0x80;
    private const int Chid = 32;
    private const int FirstContact = 74;
    private const int OsAndRelease = 75;
    private const byte LowestOfOs = 0x10;
    private const int Trailer = 126;
    private const byte FirstContactFlag = 0x08;
    private const byte LowestOfVersion2 = 0x20;
    private const byte ReservedOfPaths = 0x04;

    [Fact]
    public void A_Confirm_is_refused_by_name_where_the_bit_counts() => ForEveryBit(Samples.Write(Samples.Confirm), (bytes, offset, mask) =>
        Assert.True(JudgeConfirm(bytes) != default == Counts(offset, mask), $"byte {offset}, bit {mask:x}: {JudgeConfirm(bytes)}"));

    [Fact]
    public void An_Accept_is_refused_by_name_or_declined_where_the_bit_counts() => ForEveryBit(Samples.Write(Samples.Accept), (bytes, offset, mask) =>
    {
        bool isAllowed = (offset, mask) is (OsAndRelease, 1) or (Paths, FirstContactFlag);   // release 0; a link group that is known
        Assert.True(JudgeAccept(bytes) != default == (Counts(offset, mask) && !isAllowed), $"byte {offset}, bit {mask:x}: {JudgeAccept(bytes)}");
    });

    [Fact]
    public void A_Decline_stays_one_but_for_its_frame() => ForEveryBit(Samples.Write(new DeclineFields(2, SmcReason.SyncError)), (bytes, offset, mask) =>
        Assert.Equal(offset > Paths || (offset == Paths && mask != LowestOfVersion2), Decline.TryWrap(bytes, out _) == WireError.None));

    [Fact]
    public void A_Proposal_is_refused_by_name_or_decided() => ForEveryBit(Samples.LoopbackProposal, (bytes, _, _) =>
    {
        WireError error = Proposal.TryWrap(bytes, out Proposal proposal);
        Assert.True(Enum.IsDefined(error));
        if (error != WireError.None) return;
        var facts = new ServerFacts { HasIsmV2 = true, Ueids = [Ueid.Default], ReachableDevices = [Samples.ClientDevice] };
        SmcReason reason = ServerDecision.Decide(proposal, facts, out ServerChoice choice);
        Assert.True(Enum.IsDefined(reason));
        Assert.Equal(reason == SmcReason.None, choice != default);
    });

    private static (WireError Error, SmcReason Reason) JudgeConfirm(byte[] bytes)
    {
        WireError error = SmcdAccept.TryWrap(bytes, ClcType.Confirm, out SmcdAccept confirm);
        if (error == WireError.None) error = ClcChecks.CheckEcho(confirm, Samples.Accept, Samples.ClientDevice.Gid);
        if (error != WireError.None) return (error, SmcReason.None);
        return (error, ClcChecks.CheckConfirmRelease(confirm, Samples.Accept.FirstContact!.Value.Release));
    }

    private static (WireError Error, SmcReason Reason) JudgeAccept(byte[] bytes)
    {
        WireError error = ClcHeader.TryRead(bytes, out ClcHeader header);
        if (error != WireError.None) return (error, SmcReason.None);
        SmcReason reason = ClcChecks.CheckMode(header, ClcPath.Neither, ClcPath.Smcd);
        if (reason != SmcReason.None) return (error, reason);
        error = SmcdAccept.TryWrap(bytes, ClcType.Accept, out SmcdAccept accept);
        if (error == WireError.None) error = ClcChecks.CheckAccept(accept, [Samples.ClientDevice], [Ueid.Default], Samples.ServerDevice.Gid);
        if (error != WireError.None) return (error, SmcReason.None);
        return (error, accept.IsFirstContact ? ClcChecks.CheckAcceptRelease(accept) : SmcReason.None);
    }

    /// <summary>A first contact Accept or Confirm of release 1, of 130 bytes. Tokens are not judged here, nor sizes that there are.</summary>
    private static bool Counts(int offset, byte mask) => offset switch
    {
        Paths => mask != ReservedOfPaths,
        >= Token and < DmbIndex => false,
        SizeCode => mask == HighestOfSize,           // any other makes another size, or is reserved
        > SizeCode and < Chid => false,              // reserved, and the id of the link group
        OsAndRelease => mask < LowestOfOs,
        >= FirstContact and < Trailer => false,      // flags, host name, features
        _ => true,
    };

    private static void ForEveryBit(byte[] message, Action<byte[], int, byte> check)
    {
        for (int bit = 0; bit < 8 * message.Length; bit++)
        {
            byte[] flipped = [.. message];
            byte mask = (byte)(1 << (bit % 8));
            flipped[bit / 8] ^= mask;
            check(flipped, bit / 8, mask);
        }
    }
}
