using Smc.Host.Top;

namespace Smc.Host.Tests.Top;

/// <summary>What keys do to the view.</summary>
public sealed class TopViewTests
{
    [Fact]
    public void Every_sort_key_has_a_letter_of_its_own()
    {
        foreach (TopKey key in TopKey.All) Assert.Equal(key, Press(new TopView { IsReversed = true, Skipped = 3 }, $"{key.Letter}").Key);
        Assert.Equal(TopKey.All.Count, TopKey.All.Select(key => key.Letter).Except("qhvo ?").Distinct().Count());
    }

    [Fact]
    public void Letters_turn_things_on_and_off()
    {
        Assert.True(Press(new TopView(), "v").IsReversed);
        Assert.False(Press(new TopView(), "vv").IsReversed);
        Assert.True(Press(new TopView(), " ").IsPaused);
        Assert.False(Press(new TopView(), "  ").IsPaused);
        Assert.True(Press(new TopView(), "h").ShowsHelp);
        Assert.False(Press(new TopView(), "h?").ShowsHelp);
        Assert.True(Press(new TopView(), "q").IsOver);
        Assert.Equal(new TopView(), Press(new TopView(), "xyz\0"));
        Assert.Equal(["SMCD", "SMCR", "TCP", null], new[] { "o", "oo", "ooo", "oooo" }.Select(keys => Press(new TopView(), keys).Mode));
    }

    [Fact]
    public void Arrows_and_pages_scroll_and_stop_at_the_first_row()
    {
        TopView view = Press(new TopView(), ConsoleKey.DownArrow, ConsoleKey.PageDown, ConsoleKey.UpArrow);
        Assert.Equal(10, view.Skipped);
        Assert.Equal(0, Press(view, ConsoleKey.PageUp, ConsoleKey.UpArrow).Skipped);
        Assert.Equal(0, Press(view, ConsoleKey.Home).Skipped);
        Assert.False(Press(new TopView { ShowsHelp = true }, ConsoleKey.Escape).ShowsHelp);
    }

    private static TopView Press(TopView view, string keys) =>
        keys.Aggregate(view, (now, key) => now.After(new ConsoleKeyInfo(key, ConsoleKey.None, shift: false, alt: false, control: false), page: 10));

    private static TopView Press(TopView view, params ConsoleKey[] keys) =>
        keys.Aggregate(view, (now, key) => now.After(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false), page: 10));
}
