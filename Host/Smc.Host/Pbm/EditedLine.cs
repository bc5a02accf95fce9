namespace Smc.Host.Pbm;

/// <summary>A line while it is typed.</summary>
/// <param name="history">Lines before it, the oldest first.</param>
internal sealed class EditedLine(IReadOnlyList<string> history)
{
    private int _shown = history.Count;   // which line of the history stands here; its count: the new one

    public string Text { get; private set; } = string.Empty;

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Takes a key; one that means nothing changes nothing.</summary>
    public void Take(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: Cursor = Math.Max(0, Cursor - 1); break;
            case ConsoleKey.RightArrow: Cursor = Math.Min(Text.Length, Cursor + 1); break;
            case ConsoleKey.Home: Cursor = 0; break;
            case ConsoleKey.End: Cursor = Text.Length; break;
            case ConsoleKey.UpArrow: Recall(_shown - 1); break;
            case ConsoleKey.DownArrow: Recall(_shown + 1); break;
            case ConsoleKey.Backspace when Cursor > 0: Text = Text.Remove(--Cursor, 1); break;
            case ConsoleKey.Delete when Cursor < Text.Length: Text = Text.Remove(Cursor, 1); break;
            default:
                if (!char.IsControl(key.KeyChar)) Text = Text.Insert(Cursor++, key.KeyChar.ToString());
                break;
        }
    }

    /// <summary>The part of the line that the cursor is in, where the line is longer than there is room for.</summary>
    /// <param name="room">In characters.</param>
    public (string Text, int Cursor) Visible(int room)
    {
        int from = Math.Max(0, Cursor - room);
        return (Text[from..Math.Min(Text.Length, from + room)], Cursor - from);
    }

    private void Recall(int index)
    {
        if (index < 0 || index > history.Count) return;
        _shown = index;
        Text = index == history.Count ? string.Empty : history[index];
        Cursor = Text.Length;
    }
}
