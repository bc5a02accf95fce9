using Smc.Host.Pbm;

namespace Smc.Host.Tests.Pbm;

/// <summary>What keys do to a line.</summary>
public sealed class EditedLineTests
{
    [Fact]
    public void Letters_go_in_where_the_cursor_stands()
    {
        var line = new EditedLine([]);
        Type(line, "smc ino");
        Press(line, ConsoleKey.LeftArrow);
        Type(line, "f");
        Assert.Equal(("smc info", 7), (line.Text, line.Cursor));
        Press(line, ConsoleKey.Home);
        Press(line, ConsoleKey.Delete);
        Press(line, ConsoleKey.End);
        Press(line, ConsoleKey.Backspace);
        Assert.Equal("mc inf", line.Text);
        Press(line, ConsoleKey.Escape);
        Assert.Equal(("mc inf", 6), (line.Text, line.Cursor));
    }

    [Fact]
    public void Up_and_down_go_through_the_lines_before_and_stop_at_both_ends()
    {
        var line = new EditedLine(["first", "second"]);
        Press(line, ConsoleKey.UpArrow);
        Assert.Equal("second", line.Text);
        Press(line, ConsoleKey.UpArrow);
        Press(line, ConsoleKey.UpArrow);
        Assert.Equal(("first", 5), (line.Text, line.Cursor));
        Press(line, ConsoleKey.DownArrow);
        Press(line, ConsoleKey.DownArrow);
        Assert.Equal(("", 0), (line.Text, line.Cursor));
    }

    [Fact]
    public void A_line_that_is_longer_than_the_terminal_shows_the_part_with_the_cursor()
    {
        var line = new EditedLine([]);
        Type(line, "smc connections");
        Assert.Equal(("nections", 8), line.Visible(8));
        Assert.Equal(("smc connections", 15), line.Visible(80));
        Press(line, ConsoleKey.Home);
        Assert.Equal(("smc conn", 0), line.Visible(8));
    }

    private static void Type(EditedLine line, string text)
    {
        foreach (char letter in text) line.Take(new ConsoleKeyInfo(letter, ConsoleKey.None, shift: false, alt: false, control: false));
    }

    private static void Press(EditedLine line, ConsoleKey key) => line.Take(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));
}
