using System.Diagnostics;
using System.Globalization;

namespace Smc.Host.Demo;

/// <summary>The timed part of the demo: memory to memory, so that the figures are those of the carrier and not of a disk or a hash.</summary>
internal static class TimedTransfer
{
    private const int BlockLength = 256 * 1024;
    private const int Steps = 32;

    /// <summary>Synchronous reads and writes, as in a program of its own, on a thread of their own.</summary>
    public static Task<string> OnThreadAsync(Func<string> transfer) =>
        Task.Factory.StartNew(transfer, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends all bytes and waits until the receiver has them.</summary>
    /// <returns>Seconds and CPU seconds.</returns>
    public static string Send(Stream stream, ReadOnlyMemory<byte> bytes)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        for (int at = 0; at < bytes.Length; at += BlockLength) stream.Write(bytes.Span.Slice(at, Math.Min(BlockLength, bytes.Length - at)));
        stream.Flush();
        if (stream.ReadByte() < 0) throw new EndOfStreamException("the receiver closed before it confirmed.");
        return Result(clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    /// <summary>Receives all bytes, confirms them, and says now and then how far it is.</summary>
    /// <returns>Seconds and CPU seconds.</returns>
    public static string Receive(Stream stream, Memory<byte> bytes, Action<string> progress)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        int step = Math.Max(BlockLength, bytes.Length / Steps);
        for (int at = 0, next = step; at < bytes.Length;)
        {
            int read = stream.Read(bytes.Span.Slice(at, Math.Min(BlockLength, bytes.Length - at)));
            if (read == 0) throw new EndOfStreamException("the sender closed before the end.");
            at += read;
            if (at < next) continue;
            next += step;
            progress(string.Create(CultureInfo.InvariantCulture, $"at {at}"));
        }
        stream.WriteByte(1);
        stream.Flush();
        return Result(clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private static string Result(TimeSpan elapsed, TimeSpan cpu) =>
        string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:R} {cpu.TotalSeconds:R}");
}
