namespace Smc.Host.Bench.Messages;

/// <summary>A way of passing messages inside a process. Both workloads check every message that arrives.</summary>
internal interface IMessageCarrier : IAsyncDisposable
{
    /// <summary>As in the column "over".</summary>
    string Name { get; }

    /// <summary>One message goes to and fro between two until it has been passed <paramref name="count"/> times.</summary>
    Task PingPongAsync(long count, CancellationToken ct);

    /// <summary>So many senders send <paramref name="count"/> messages together to one receiver, without waiting for it.</summary>
    Task FanInAsync(int senders, long count, CancellationToken ct);
}
