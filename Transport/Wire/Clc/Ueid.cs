using System.Buffers;

namespace Smc.Transport.Wire.Clc;

/// <summary>An enterprise id: two ends of SMC version 2 talk only if they have one in common.</summary>
/// <remarks>
/// A user EID has 1 to 32 characters out of A-Z, 0-9, '.' and '-', the first one a letter or digit, without "..", padded with blanks.
/// A value read from a peer may break these rules; see <see cref="IsValid"/>. The default value, all zero, stands for none.
/// </remarks>
/// <param name="Text">The 32 bytes.</param>
public readonly record struct Ueid(ClcText Text)
{
    /// <summary>Bytes of an EID.</summary>
    public const int Size = ClcText.Size;

    /// <summary>User EIDs that one Proposal holds.</summary>
    public const int MaxCount = 8;

    private const string DoubleDot = "..";

    private static readonly SearchValues<char> First = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> All = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    /// <summary>The EID that every installation has unless told otherwise: SMC-ACTORS-DEFAULT-UEID.</summary>
    public static Ueid Default { get; } = new(ClcText.From("SMC-ACTORS-DEFAULT-UEID"));

    /// <summary>True when the bytes obey the rules for user EIDs.</summary>
    public bool IsValid => TryParse(ToString(), out Ueid parsed) && parsed == this;

    /// <summary>Parses a user EID. Blanks at the end are allowed; lower-case letters are not.</summary>
    /// <returns>False when a rule is broken.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Ueid ueid)
    {
        ReadOnlySpan<char> name = text.TrimEnd(' ');
        bool valid = name.Length is > 0 and <= Size
            && First.Contains(name[0])
            && !name.ContainsAnyExcept(All)
            && !name.Contains(DoubleDot, StringComparison.Ordinal);
        ueid = valid ? new(ClcText.From(name)) : default;
        return valid;
    }

    /// <summary>The EID without its padding, safe to print.</summary>
    public override string ToString() => Text.ToString();

    internal static Ueid Read(ReadOnlySpan<byte> source) => new(ClcText.Read(source));

    internal void Write(Span<byte> target) => Text.Write(target);
}
