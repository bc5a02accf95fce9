using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Smc.Transport.Tests;

/// <summary>The documents call a reason what the program calls it.</summary>
public sealed partial class ReasonsDocumentTests
{
    private const string Table = "REASONS.md";
    private const string Head = "| code | name | what has happened | what to do |\n|---|---|---|---|\n";

    [Fact]
    public void The_table_of_reasons_has_a_row_for_every_reason_and_says_what_the_program_says()
    {
        string expected = Expected();
        string text = Read(Table);
        int start = text.IndexOf(Head, StringComparison.Ordinal);
        string actual = start < 0 ? string.Empty : text[start..].TrimEnd('\n') + '\n';
        if (actual != expected) Assert.Fail($"{Table} has to end with\n{expected}");
    }

    [Fact]
    public void The_README_leads_to_the_table() => Assert.Contains($"]({Table})", Read("README.md"), StringComparison.Ordinal);

    [Theory]
    [InlineData("README.md")]
    [InlineData("SECURITY.md")]
    public void Codes_in_other_documents_are_known_and_bear_their_names(string document)
    {
        MatchCollection codes = Code().Matches(Read(document));
        Assert.NotEmpty(codes);
        Assert.All(codes, code =>
        {
            var reason = (SmcReason)uint.Parse(code.Groups["code"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.True(Enum.IsDefined(reason), $"{document}: {code.Value} is no reason");
            if (code.Groups["name"].Success) Assert.Equal(SmcReasons.ShortName(reason), code.Groups["name"].Value);
        });
    }

    private static string Expected()
    {
        var table = new StringBuilder(Head);
        foreach (SmcReason reason in Enum.GetValues<SmcReason>().Where(reason => reason != SmcReason.None))
            table.Append(CultureInfo.InvariantCulture, $"| 0x{(uint)reason:x8} | {SmcReasons.ShortName(reason)} | {SmcReasons.Sentence(reason)} | {SmcReasons.Remedy(reason)} |\n");
        SmcReason unknown = (SmcReason)uint.MaxValue;
        return table.Append(CultureInfo.InvariantCulture, $"| any other | {SmcReasons.ShortName(unknown)} | {SmcReasons.Sentence(unknown)} | {SmcReasons.Remedy(unknown)} |\n").ToString();
    }

    private static string Read(string document) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", document));

    /// <summary>A code of eight digits, upper or lower case, and its name where one follows.</summary>
    [GeneratedRegex("0x(?<code>[0-9A-Fa-f]{8})(?![0-9A-Fa-f])( (?<name>[A-Z][A-Z0-9_]{2,}))?")]
    private static partial Regex Code();
}
