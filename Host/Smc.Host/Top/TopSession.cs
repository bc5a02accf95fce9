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

    /// <summary>Shows frames until the user quits, or <paramref name="ct"/> says so. Samples are taken beside it: keys are not kept waiting by a process that
    /// does not answer.</summary>
    public async Task ShowAsync(CancellationToken ct)
    {
        TopRates rates = await TakeAsync(ct);   // a failure at the first leaves the terminal as it is
        using var screen = new TopScreen();
        using var timer = new PeriodicTimer(period);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<bool> next = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        Task<bool>? pressed = null;
        Task<TopRates>? sample = null;
        while (!_view.IsOver && !ct.IsCancellationRequested)
        {
            (int width, int height) = TopScreen.Size;
            TopFrame frame = TopFrame.Of(rates, _view, width, height);
            TopScreen.Show(frame);
            _view = _view with { Skipped = frame.Skipped };
            pressed ??= screen.Events.WaitToReadAsync(ct).AsTask();
            await Task.WhenAny(pressed, sample ?? (Task)next);   // a tick while a sample is taken begins no other
            if (pressed.IsCompleted) pressed = null;
            while (screen.Events.TryRead(out ConsoleKeyInfo? key))
            {
                if (key is { } known) _view = _view.After(known, frame.Page);
            }

            if (sample is { IsCompleted: true })
            {
                TopRates taken = await sample;
                if (!_view.IsPaused) rates = taken;
                sample = null;
            }

            if (sample is not null || !next.IsCompleted) continue;
            next = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            if (!_view.IsPaused) sample = Task.Run(() => TakeAsync(over.Token), CancellationToken.None);
        }

        await over.CancelAsync();
        if (sample is not null) await ((Task)sample).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // nobody looks at it any more
    }

    private async Task<TopRates> TakeAsync(CancellationToken ct)
    {
        IReadOnlyList<TopProcess> now = await source.TakeAsync(ct);
        var rates = TopRates.Between(_before, now, DateTime.Now);
        _before = now;
        return rates;
    }
}
