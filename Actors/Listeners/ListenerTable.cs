using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Smc.Actors.Inspection;
using Smc.Transport;

namespace Smc.Actors.Listeners;

/// <summary>The listeners of a runtime: entered by their actors when they begin, left when they stop, read by whoever asks.</summary>
internal sealed class ListenerTable
{
    private readonly ConcurrentDictionary<AcceptQueue, ListenerCounters> _listeners = new();   // by what is the same listener's after a crash
    private int _last;

    /// <summary>A listener has begun, or begun anew.</summary>
    /// <returns>What its actor writes.</returns>
    public ListenerCounters Add(AcceptQueue queue, IPEndPoint endPoint, int mostWaiting) =>
        _listeners.GetOrAdd(queue, _ => new ListenerCounters(queue, Interlocked.Increment(ref _last), endPoint, mostWaiting));

    /// <summary>A listener is gone.</summary>
    public void Remove(AcceptQueue queue) => _listeners.TryRemove(queue, out _);

    /// <summary>The listeners, the oldest first.</summary>
    public IReadOnlyList<ListenerReport> Report() => [.. _listeners.Values.OrderBy(listener => listener.Id).Select(listener => listener.Report())];
}

/// <summary>What a listener shows of itself: written by its actor alone, read by any thread.</summary>
internal sealed class ListenerCounters(AcceptQueue queue, int id, IPEndPoint endPoint, int mostWaiting)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private uint _unpublished;
    private long _accepted;

    public int Id => id;

    /// <summary>Why its endpoint is not published; None where it is.</summary>
    public SmcReason Unpublished
    {
        get => (SmcReason)Volatile.Read(ref _unpublished);
        set => Volatile.Write(ref _unpublished, (uint)value);   // SYNC listener-counters: one actor writes; pairs with the read in Report, by any thread
    }

    public long Accepted
    {
        get => Volatile.Read(ref _accepted);
        set => Volatile.Write(ref _accepted, value);   // SYNC listener-counters: as above
    }

    public ListenerReport Report()
    {
        SmcReason unpublished = Unpublished;   // once: its actor may change it meanwhile
        return new ListenerReport(
            string.Create(CultureInfo.InvariantCulture, $"l{id}"),
            endPoint.ToString(),
            unpublished == SmcReason.None ? SmcMode.SmcD : SmcMode.Tcp,
            unpublished,
            Stopwatch.GetElapsedTime(_since),
            Accepted,
            queue.Count,
            mostWaiting);
    }
}
