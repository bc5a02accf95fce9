using Smc.Actors.Inspection;
using Smc.Actors.Inspection.Palette;
using Smc.Actors.Inspection.Reports;

namespace Actors.Tests.Inspection;

/// <summary>
/// The exact output of a command, in a file that people read and review. Where a change of output is meant, SMC_WRITE_GOLDEN names the folder
/// of the sources (<c>$PWD/Tests/Actors.Tests/Inspection/Golden</c>) that the files are written to anew, and the test fails all the same: the
/// difference is for a reviewer.
/// </summary>
internal static class GoldenFile
{
    private const string WriteSwitch = "SMC_WRITE_GOLDEN";

    /// <summary>Compares what <paramref name="command"/> answers at a width with the file of that name.</summary>
    public static void Check(string name, string command, RuntimeSnapshot snapshot, int width)
    {
        Assert.True(SmcPalette.TryParse(command.Split(' '), out SmcRequest? request, out string error), error);
        string text = request!.Render(Answer(request, snapshot), width);
        if (!request.Arguments.Has(SmcArgument.Json) && !request.Arguments.Has(SmcArgument.Wide))
            Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, $"{line.Length} characters: {line}"));
        Check(name, text);
    }

    /// <summary>Compares a text with the file of that name.</summary>
    public static void Check(string name, string text)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        string expected = File.Exists(path) ? File.ReadAllText(path) : string.Empty;
        if (expected != text && Environment.GetEnvironmentVariable(WriteSwitch) is { } sources) File.WriteAllText(Path.Combine(sources, name), text);
        Assert.Equal(expected, text);
    }

    private static SmcReport Answer(SmcRequest request, RuntimeSnapshot snapshot) => request.Command is ComparingCommand comparing
        ? comparing.Answer(request.Arguments, snapshot, comparing.IsAbsolute(request.Arguments) ? null : Samples.Before)
        : ((SnapshotCommand)request.Command).Answer(request.Arguments, snapshot);
}
