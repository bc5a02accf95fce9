using System.Globalization;

namespace Smc.Peer;

/// <summary>Lines to the one who started this process, one at a time.</summary>
internal static class Say
{
    private static readonly Lock Gate = new();

    public static void Line(FormattableString line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }
}
