using System.Buffers.Binary;

namespace Smc.Transport.Wire.Clc;

/// <summary>What a Decline says, for <see cref="ClcWriter"/>. Its out-of-sync bit follows from the diagnosis.</summary>
/// <param name="Version">1 or 2: server: the Proposal's; client after an Accept: the Accept's; before: 2 if this host can do version 2.</param>
/// <param name="Diagnosis">Why.</param>
/// <param name="SystemId">The id of this host; zero for SMC-D.</param>
/// <param name="Os">The operating system; none in version 1.</param>
/// <param name="Details">Additional diagnosis words, not written in version 1.</param>
public readonly record struct DeclineFields(byte Version, SmcReason Diagnosis, ulong SystemId = 0, ClcOs Os = ClcOs.None, DeclineDetails Details = default);

/// <summary>The additional diagnosis words of a version 2 Decline; Linux sends zeros.</summary>
/// <param name="First">First word.</param>
/// <param name="Second">Second word.</param>
/// <param name="Third">Third word.</param>
/// <param name="Fourth">Fourth word.</param>
public readonly record struct DeclineDetails(uint First, uint Second, uint Third, uint Fourth)
{
    internal static DeclineDetails Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source),
        BinaryPrimitives.ReadUInt32BigEndian(source[sizeof(uint)..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[(2 * sizeof(uint))..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[(3 * sizeof(uint))..]));

    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, First);
        BinaryPrimitives.WriteUInt32BigEndian(target[sizeof(uint)..], Second);
        BinaryPrimitives.WriteUInt32BigEndian(target[(2 * sizeof(uint))..], Third);
        BinaryPrimitives.WriteUInt32BigEndian(target[(3 * sizeof(uint))..], Fourth);
    }
}
