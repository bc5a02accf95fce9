using Akka.Configuration;

namespace Embedded.Tests.EmbeddedOnly;

/// <summary>What Akka.NET 1.5 takes for something else than it says, or in silence, is an error that names its line.</summary>
public sealed class RefusedHoconTests
{
    [Theory]
    [InlineData("\na = [1]\na += 2", 3, "'+='")]
    [InlineData("\n\na+=2", 3, "'+='")]
    [InlineData("\"a\" += 2", 1, "'+='")]
    [InlineData("a = 1\nb = ${?a}", 2, "'?'")]
    [InlineData("a = ${a}", 1, "itself")]
    [InlineData("b { c = 1 }\na = ${b} { d = 2 }", 2, "joined")]
    [InlineData("a = 1\nb { c = x }, d = 1", 2, "','")]
    [InlineData("a = 1\nb = [1", 2, "']'")]
    [InlineData("b { a = 1\n", 2, "'}'")]
    [InlineData("a = 1\nb = \"x", 2, "quote")]
    public void An_error_names_the_line_and_what_is_refused(string hocon, int line, string what)
    {
        string message = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString(hocon)).Message;
        Assert.StartsWith($"Line {line}:", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }
}
