using Akka.Configuration;

namespace Embedded.Tests.Configuration;

public sealed class HoconTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("a = 1 # comment", "1")]
    [InlineData("a = 1 // comment", "1")]
    [InlineData("# before\na = 1", "1")]
    [InlineData("a = 1, b = 2", "1")]
    [InlineData("a = one two  three", "one two  three")]
    [InlineData("a = \"one # two\"", "one # two")]
    [InlineData("a = \"tab\\tquote\\\"\"", "tab\tquote\"")]
    [InlineData("a = \"\"\"raw \\ \"text\"\"\"\"", "raw \\ \"text\"")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("b = x, a = ${b}", "x")]
    [InlineData("a = ${b}, b = x", "x")]
    [InlineData("b = x, a = ${b}-y", "x-y")]
    [InlineData("b { c = x }, a = ${b.c}", "x")]
    [InlineData("a = 1\na = ${?none}", "1")]
    public void A_text_is_read_as_written(string hocon, string expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString(hocon).GetString("a"));

    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("200ms", 200)]
    [InlineData("200 ms", 200)]
    [InlineData("1m", 60_000)]
    [InlineData("1.5 h", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("17", 17)]
    [InlineData("infinite", -1)]
    public void A_time_span_has_a_unit(string text, double milliseconds) =>
        Assert.Equal(milliseconds, ConfigurationFactory.ParseString($"a = {text}").GetTimeSpan("a").TotalMilliseconds);

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10b", 10)]
    [InlineData("64k", 65_536)]
    [InlineData("64KiB", 65_536)]
    [InlineData("64 kB", 64_000)]
    [InlineData("1 MiB", 1_048_576)]
    [InlineData("2m", 2_097_152)]
    [InlineData("1GiB", 1_073_741_824)]
    public void A_byte_size_has_a_unit(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationFactory.ParseString($"a = {text}").GetByteSize("a", null));

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    public void A_boolean_has_six_names(string text, bool expected) =>
        Assert.Equal(expected, ConfigurationFactory.ParseString($"a = {text}").GetBoolean("a", !expected));

    [Fact]
    public void Numbers_are_read_without_culture()
    {
        var config = ConfigurationFactory.ParseString("i = -12, l = 5000000000, d = 1.25");
        Assert.Equal((-12, 5_000_000_000, 1.25), (config.GetInt("i"), config.GetLong("l"), config.GetDouble("d")));
    }

    [Fact]
    public void Lists_take_commas_or_lines_and_grow()
    {
        Assert.Equal(["x", "y", "z"], ConfigurationFactory.ParseString("a = [x, y\n z]").GetStringList("a"));
        Assert.Equal([1, 2], ConfigurationFactory.ParseString("a = [1, 2]").GetIntList("a"));
        Assert.Equal(["x", "y"], ConfigurationFactory.ParseString("a = [x]\na += y").GetStringList("a"));
        Assert.Equal(["x", "y"], ConfigurationFactory.ParseString("b = [x], a = ${b} [y]").GetStringList("a"));
    }

    [Fact]
    public void Objects_merge_key_by_key()
    {
        var config = ConfigurationFactory.ParseString("""
            base { a = 1, b = 2 }
            x = ${base} { b = 3 }
            x.c = 4
            x { d { e = 5 } }
            x.d.f = 6
            """);
        var x = config.GetConfig("x");
        Assert.Equal([1, 3, 4, 5, 6], new[] { "a", "b", "c", "d.e", "d.f" }.Select(key => x.GetInt(key)));
        Assert.Equal(2, config.GetInt("base.b"));
    }

    [Fact]
    public void Quoted_keys_may_hold_dots()
    {
        var config = ConfigurationFactory.ParseString("a { \"b.c\" = 1 }");
        Assert.Equal(1, config.GetInt("a.\"b.c\""));
        Assert.False(config.HasPath("a.b.c"));
    }

    [Fact]
    public void A_fallback_fills_gaps_at_every_depth()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1 }")
            .WithFallback(ConfigurationFactory.ParseString("a { b = 2, c = 3 }"))
            .WithFallback(ConfigurationFactory.ParseString("a { c = 4, d = 5 }, e = 6"));
        Assert.Equal([1, 3, 5], new[] { "b", "c", "d" }.Select(key => config.GetConfig("a").GetInt(key)));
        Assert.Equal(6, config.GetInt("e"));
        Assert.Equal(["a", "e"], config.AsEnumerable().Select(entry => entry.Key).Order());
    }

    [Fact]
    public void A_missing_key_gives_the_default_and_a_missing_section_null()
    {
        var config = ConfigurationFactory.ParseString("a = 1");
        Assert.False(config.HasPath("b"));
        Assert.Null(config.GetString("b"));
        Assert.Equal((0, 7), (config.GetInt("b"), config.GetInt("b", 7)));
        Assert.Equal(TimeSpan.Zero, config.GetTimeSpan("b"));
        Assert.Empty(config.GetStringList("b"));
        Assert.Null(config.GetByteSize("b", null));
        Assert.Null(config.GetConfig("b"));
        Assert.True(config.GetConfig("b").IsNullOrEmpty());
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
    }

    [Theory]
    [InlineData("a = 1\nb = \"open")]
    [InlineData("a = 1\nb = ${none}")]
    [InlineData("a {\n b = 1")]
    [InlineData("a = 1\nb = [1")]
    public void An_error_in_the_text_is_an_exception(string hocon) => Assert.ThrowsAny<Exception>(() => ConfigurationFactory.ParseString(hocon));
}
