using System.Diagnostics;

namespace Actors.Tests.Harness;

/// <summary>Waits for conditions that no task and no message announces. The one place where a test lets time pass.</summary>
public static class Eventually
{
    /// <summary>Past this a test hangs.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)" />
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > HangGuard) Assert.Fail($"not within {HangGuard.TotalSeconds} s: {what}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until <paramref name="actual"/> gives what is expected.</summary>
    public static Task EqualAsync<T>(T expected, Func<T> actual, string what) => EqualAsync(expected, () => Task.FromResult(actual()), what);

    /// <inheritdoc cref="EqualAsync{T}(T, Func{T}, string)" />
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> actual, string what)
    {
        long start = Stopwatch.GetTimestamp();
        for (T last = await actual(); !Equals(expected, last); last = await actual())
        {
            if (Stopwatch.GetElapsedTime(start) > HangGuard) Assert.Fail($"{what}: expected {expected}, still {last} after {HangGuard.TotalSeconds} s");
            await Task.Delay(Pause);
        }
    }

    /// <summary>The result, or a failure where it does not come.</summary>
    public static Task<T> Guard<T>(this Task<T> task) => task.WaitAsync(HangGuard);

    /// <inheritdoc cref="Guard{T}(Task{T})" />
    public static Task<T> Guard<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(HangGuard);

    /// <inheritdoc cref="Guard{T}(Task{T})" />
    public static Task Guard(this Task task) => task.WaitAsync(HangGuard);

    /// <inheritdoc cref="Guard{T}(Task{T})" />
    public static Task Guard(this ValueTask task) => task.AsTask().WaitAsync(HangGuard);
}
