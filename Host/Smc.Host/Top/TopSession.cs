using Smc.Host.CommandLine;

namespace Smc.Host.Top;

/// <summary>Takes samples, one a period, and shows them: in a terminal until the user has seen enough, elsewhere line by line.</summary>
/// <param name="source">Of the samples.</param>
/// <param name="period">Between two of them.</param>
/// <param name="view">What to show at first.</param>
internal sealed class TopSession(TopSource source, TimeSpan period, TopView view)
{
    private IReadOnlyList<TopProcess>? _before;
    private TopView _view = view;

    /// <summary>Prints frames, all rows of each.</summary>
    /// <param name="count">How many; null for no end.</param>
    /// <param name="ct">Ends it.</param>
    public async Task PrintAsync(int? count, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(period);
        for (int i = 0; count is null || i < count; i++)
        {
            if (i > 0)
            {
                await timer.WaitForNextTickAsync(ct);
                Console.WriteLine();
            }

            TopFrame frame = TopFrame.Of(await TakeAsync(ct), _view, Terminal.Width, TopFrame.Unlimited);
            foreach (string line in frame.Lines) Console.WriteLine(line);
        }
    }

    /// <summary>Shows frames until the user quits, or <paramref name="ct"/> says so.</summary>
    public async Task ShowAsync(CancellationToken ct)
    {
        TopRates rates = await TakeAsync(ct);   // a failure at the first leaves the terminal as it is
        using var screen = new TopScreen();
        using var timer = new PeriodicTimer(period);
        Task<bool> next = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (!_view.IsOver && !ct.IsCancellationRequested)
        {
            (int width, int height) = TopScreen.Size;
            TopFrame frame = TopFrame.Of(rates, _view, width, height);
            TopScreen.Show(frame);
            _view = _view with { Skipped = frame.Skipped };
            Task<bool> pressed = screen.Events.WaitToReadAsync(ct).AsTask();
            await Task.WhenAny(pressed, next);
            while (screen.Events.TryRead(out ConsoleKeyInfo? key))
            {
                if (key is { } known) _view = _view.After(known, frame.Page);
            }

            if (!next.IsCompleted) continue;
            next = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            if (!_view.IsPaused) rates = await TakeAsync(ct);
        }
    }

    private async Task<TopRates> TakeAsync(CancellationToken ct)
    {
        IReadOnlyList<TopProcess> now = await source.TakeAsync(ct);
        var rates = TopRates.Between(_before, now, DateTime.Now);
        _before = now;
        return rates;
    }
}
