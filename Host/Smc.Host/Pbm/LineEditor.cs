using Smc.Host.CommandLine;

namespace Smc.Host.Pbm;

/// <summary>Reads lines from a terminal: arrows, Home, End, Backspace, Delete, and the lines before this one by Up and Down; Ctrl+C gives a line up.</summary>
internal sealed class LineEditor(string prompt)
{
    /// <summary>Lines that are remembered; then the oldest goes.</summary>
    private const int MaxHistory = 500;

    private readonly List<string> _history = [];

    /// <summary>Reads a line.</summary>
    /// <returns>Null at the end of the input (Ctrl+D in an empty line).</returns>
    public string? Read()
    {
        if (Console.IsInputRedirected) return Console.ReadLine();
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys(new EditedLine(_history));
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? ReadKeys(EditedLine line)
    {
        Show(line);
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.D && key.Modifiers == ConsoleModifiers.Control && line.Text.Length == 0) return End(null);
            if (key.Key == ConsoleKey.C && key.Modifiers == ConsoleModifiers.Control) return End(string.Empty);
            if (key.Key == ConsoleKey.Enter) return End(Remember(line.Text));
            line.Take(key);
            Show(line);
        }
    }

    private static string? End(string? line)
    {
        Console.WriteLine();
        return line;
    }

    private string Remember(string line)
    {
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line)) _history.Add(line);
        if (_history.Count > MaxHistory) _history.RemoveAt(0);
        return line;
    }

    /// <summary>Erases the line, writes as much of it as the terminal is wide, and puts the cursor where it belongs.</summary>
    private void Show(EditedLine line)
    {
        (string text, int cursor) = line.Visible(Math.Max(1, Terminal.Width - prompt.Length - 1));
        Console.Write($"\r\e[K{prompt}{text}\r\e[{prompt.Length + cursor}C");
    }
}
