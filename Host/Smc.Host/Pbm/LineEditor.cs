namespace Smc.Host.Pbm;

/// <summary>Reads lines from a terminal: arrows, Home, End, Backspace, Delete, and the lines before this one by Up and Down.</summary>
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
        var line = new EditedLine(_history);
        Show(line);
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.D && key.Modifiers == ConsoleModifiers.Control && line.Text.Length == 0) return End(null);
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

    private void Show(EditedLine line) =>
        Console.Write($"\r\e[K{prompt}{line.Text}\r\e[{prompt.Length + line.Cursor}C");   // erases the line, writes it, and puts the cursor there
}
