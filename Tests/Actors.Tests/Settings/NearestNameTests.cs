using Smc.Actors.Settings;

namespace Actors.Tests.Settings;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("same", "same", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("timout", "timeout", 1)]
    [InlineData("timeuot", "timeout", 2)]
    public void Distances_count_letters_to_insert_remove_or_replace(string from, string to, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(from, to));
        Assert.Equal(distance, NearestName.Distance(to, from));
    }

    [Fact]
    public void Another_section_counts_as_one_change() => Assert.Equal("buffers.size", NearestName.Of("size", ["spin", "buffers.size", "sizeable"]));

    [Fact]
    public void Among_equals_it_is_always_the_same() => Assert.Equal("aa", NearestName.Of("ab", ["ac", "aa"]));
}
