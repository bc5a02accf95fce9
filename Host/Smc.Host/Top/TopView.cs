namespace Smc.Host.Top;

/// <summary>What the user wants to see.</summary>
internal sealed record TopView
{
    private static readonly string[] Modes = ["SMCD", "SMCR", "TCP"];

    public TopKey Key { get; init; } = TopKey.All[0];

    public bool IsReversed { get; init; }

    /// <summary>Only connections of this mode; null for all.</summary>
    public string? Mode { get; init; }

    public bool IsPaused { get; init; }

    public bool ShowsHelp { get; init; }

    /// <summary>Rows above the first that is shown.</summary>
    public int Skipped { get; init; }

    /// <summary>The user wants no more.</summary>
    public bool IsOver { get; init; }

    /// <summary>What it is after a key; the same after one that means nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="page">Rows that the terminal shows at once.</param>
    public TopView After(ConsoleKeyInfo key, int page)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow: return this with { Skipped = Math.Max(0, Skipped - 1) };
            case ConsoleKey.DownArrow: return this with { Skipped = Skipped + 1 };
            case ConsoleKey.PageUp: return this with { Skipped = Math.Max(0, Skipped - page) };
            case ConsoleKey.PageDown: return this with { Skipped = Skipped + page };
            case ConsoleKey.Home: return this with { Skipped = 0 };
            case ConsoleKey.Escape: return this with { ShowsHelp = false };
        }

        return key.KeyChar switch
        {
            'q' => this with { IsOver = true },
            'h' or '?' => this with { ShowsHelp = !ShowsHelp },
            ' ' => this with { IsPaused = !IsPaused },
            'v' => this with { IsReversed = !IsReversed },
            'o' => this with { Mode = Next(Mode), Skipped = 0 },
            char letter when TopKey.All.FirstOrDefault(k => k.Letter == letter) is { } chosen => this with { Key = chosen, IsReversed = false, Skipped = 0 },
            _ => this,
        };
    }

    private static string? Next(string? mode)
    {
        int next = Array.IndexOf(Modes, mode) + 1;
        return next < Modes.Length ? Modes[next] : null;
    }
}
