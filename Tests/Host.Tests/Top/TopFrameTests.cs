using Smc.Host.Top;

namespace Smc.Host.Tests.Top;

/// <summary>
/// Frames of <c>smc top</c>, in files that people read and review. Where a change is meant, SMC_WRITE_GOLDEN_TOP names the folder of the sources
/// (<c>$PWD/Tests/Host.Tests/Top/Golden</c>) that they are written to anew, and the test fails all the same.
/// </summary>
public sealed class TopFrameTests
{
    private const string WriteSwitch = "SMC_WRITE_GOLDEN_TOP";

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    public void Rows_are_sorted_by_what_they_do_a_second(int width) => Check($"top-{width}.txt", TopSamples.Rates, new TopView(), width, 24);

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    public void Several_processes_have_a_column_of_their_own(int width) =>
        Check($"top-processes-{width}.txt", TopSamples.Both, new TopView { Key = TopKey.Parse("id"), IsReversed = true, IsPaused = true }, width, 24);

    [Fact]
    public void The_first_look_has_rates_since_the_connections_opened() => Check("top-first-120.txt", TopSamples.First, new TopView { Mode = "TCP" }, 120, TopFrame.Unlimited);

    [Fact]
    public void The_keys_are_explained() => Check("top-help-80.txt", TopSamples.Rates, new TopView { ShowsHelp = true }, 80, 24);

    [Fact]
    public void A_low_terminal_shows_some_rows_and_scrolls_to_the_last()
    {
        TopFrame frame = TopFrame.Of(TopSamples.Rates, new TopView { Key = TopKey.Parse("id"), Skipped = 100 }, 80, 9);
        Assert.Equal(9, frame.Lines.Count);
        Assert.Equal((2, 2), (frame.Page, frame.Skipped));
        Assert.Equal(["c19", "c22"], frame.Lines.Skip(frame.HeaderLine + 1).Take(2).Select(line => line.Split(' ')[0]));
        Assert.StartsWith("Count: 2 of 4 connections", frame.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 3)]
    [InlineData(40, 100)]
    public void No_terminal_is_too_small(int width, int height)
    {
        TopFrame frame = TopFrame.Of(TopSamples.Both, new TopView(), width, height);
        Assert.InRange(frame.Lines.Count, 1, height);
        Assert.All(frame.Lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void No_process_is_a_frame_too()
    {
        TopFrame frame = TopFrame.Of(TopRates.Between([TopSamples.Before], [], TopSamples.At), new TopView(), 80, 24);
        Assert.EndsWith("no process with Smc.Actors", frame.Lines[0], StringComparison.Ordinal);
    }

    private static void Check(string name, TopRates rates, TopView view, int width, int height)
    {
        string text = string.Concat(TopFrame.Of(rates, view, width, height).Lines.Select(line => line + "\n"));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        string expected = File.Exists(path) ? File.ReadAllText(path) : string.Empty;
        if (expected != text && Environment.GetEnvironmentVariable(WriteSwitch) is { } sources) File.WriteAllText(Path.Combine(sources, name), text);
        Assert.Equal(expected, text);
    }
}
