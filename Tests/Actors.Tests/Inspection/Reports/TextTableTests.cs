using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection.Reports;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right()
    {
        var table = new TextTable("name", ">n", "last");
        table.Add("a", "1", "x");
        table.Add("longer", "100", "y");
        Assert.Equal("name      n  last\na         1  x\nlonger  100  y\n", table.ToString());
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(121, 120)]
    [InlineData(500, 120)]
    public void No_line_is_longer_than_120_columns(int cell, int expected)
    {
        var table = new TextTable("wide");
        table.Add(new string('x', cell));
        string[] lines = table.ToString().Split('\n');
        Assert.Equal(expected, lines[1].Length);
        Assert.Equal(cell > 120, lines[1].EndsWith('…'));
    }

    [Fact]
    public void A_row_has_one_cell_a_column() => Assert.Throws<ArgumentOutOfRangeException>(() => new TextTable("one", "two").Add("1"));
}
