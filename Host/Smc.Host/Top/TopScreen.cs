using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Smc.Host.Top;

/// <summary>The terminal while <c>smc top</c> has it: another screen, without a cursor, that the former one comes back from however the command ends.</summary>
internal sealed class TopScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[?7h\e[?25h\e[?1049l";

    private readonly Channel<ConsoleKeyInfo?> _events = Channel.CreateBounded<ConsoleKeyInfo?>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration[] _signals;

    public TopScreen()
    {
        _signals = OperatingSystem.IsWindows() ? [] : [PosixSignalRegistration.Create(PosixSignal.SIGWINCH, Redraw), PosixSignalRegistration.Create(PosixSignal.SIGCONT, Resume)];
        Console.Write(Enter);
        new Thread(ReadKeys) { IsBackground = true, Name = "smc-top-keys" }.Start();
    }

    /// <summary>Keys; null where the terminal has changed, and is to be drawn anew.</summary>
    public ChannelReader<ConsoleKeyInfo?> Events => _events.Reader;

    public static (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>Writes a frame over the one before, in one go.</summary>
    public static void Show(TopFrame frame)
    {
        var text = new StringBuilder("\e[H");
        for (int i = 0; i < frame.Lines.Count; i++)
        {
            if (i > 0) text.Append("\r\n");
            if (i == frame.HeaderLine) text.Append("\e[7m").Append(frame.Lines[i]).Append("\e[K\e[0m");
            else text.Append(frame.Lines[i]).Append("\e[K");
        }

        Console.Write(text.Append("\e[J"));
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        Console.Write(Leave);
    }

    private void ReadKeys()
    {
        while (true) _events.Writer.TryWrite(Console.ReadKey(intercept: true));
    }

    private void Redraw(PosixSignalContext context) => _events.Writer.TryWrite(null);

    private void Resume(PosixSignalContext context)
    {
        Console.Write(Enter);
        _events.Writer.TryWrite(null);
    }
}
