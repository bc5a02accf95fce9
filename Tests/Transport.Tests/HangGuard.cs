using System.Diagnostics;

namespace Smc.Transport.Tests;

/// <summary>Ends every wait of a test: one that hangs fails, and says so, instead of stopping the suite.</summary>
internal static class HangGuard
{
    /// <summary>Far beyond what anything here takes on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Guarded(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task Guarded(this ValueTask task) => task.AsTask().WaitAsync(Limit);

    public static Task<T> Guarded<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    /// <summary>Runs what may block on a thread of its own.</summary>
    public static Task<T> OnThread<T>(Func<T> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(body());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return done.Task.WaitAsync(Limit);
    }

    /// <inheritdoc cref="OnThread{T}" />
    public static Task OnThread(Action body) => OnThread(() =>
    {
        body();
        return true;
    });

    /// <summary>Runs bodies at once, a thread each, and waits for all.</summary>
    public static void AtOnce(params Action[] bodies)
    {
        using var start = new Barrier(bodies.Length);
        Task[] tasks = [.. bodies.Select(body => OnThread(() =>
        {
            Assert.True(start.SignalAndWait(Limit));
            body();
        }))];
        Task.WhenAll(tasks).GetAwaiter().GetResult();
    }

    /// <summary>Waits for something that another thread brings about.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        var spinner = default(SpinWait);
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Waited in vain: {what}.");
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
