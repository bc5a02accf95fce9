using System.Threading.Channels;

namespace Smc.Host.Bench.Messages;

/// <summary>Tasks and unbounded <see cref="Channel{T}"/>s: the rival, which has neither supervision nor names.</summary>
internal sealed class ChannelCarrier : IMessageCarrier
{
    public string Name => "channels";

    public Task PingPongAsync(long count, CancellationToken ct)
    {
        var there = Channel.CreateUnbounded<Numbered>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var back = Channel.CreateUnbounded<Numbered>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Numbered[][] series = [Numbered.Series(0)];
        Task serving = Task.Run(() => ServeAsync(there.Writer, back.Reader), ct);
        Task returning = Task.Run(() => ReturnAsync(there.Reader, back.Writer), ct);
        return Task.WhenAll(serving, returning);

        async Task ServeAsync(ChannelWriter<Numbered> writer, ChannelReader<Numbered> reader)
        {
            var arrivals = new Arrivals(1, count / 2);
            for (long i = 0; !arrivals.AreComplete; i++)
            {
                writer.TryWrite(Numbered.At(series[0], i));
                arrivals.Add(await reader.ReadAsync(ct), series);
            }
            writer.Complete();
        }

        async Task ReturnAsync(ChannelReader<Numbered> reader, ChannelWriter<Numbered> writer)
        {
            while (await reader.WaitToReadAsync(ct))
                while (reader.TryRead(out Numbered? message)) writer.TryWrite(message);
        }
    }

    public Task FanInAsync(int senders, long count, CancellationToken ct)
    {
        var channel = Channel.CreateUnbounded<Numbered>(new UnboundedChannelOptions { SingleReader = true });
        Numbered[][] series = [.. Enumerable.Range(0, senders).Select(Numbered.Series)];
        long each = count / senders;
        IEnumerable<Task> sending = Enumerable.Range(0, senders).Select(sender => Task.Run(() => Send(series[sender]), ct));
        return Task.WhenAll(sending.Append(Task.Run(ReceiveAsync, ct)));

        void Send(Numbered[] messages)
        {
            for (long i = 0; i < each; i++) channel.Writer.TryWrite(Numbered.At(messages, i));
        }

        async Task ReceiveAsync()
        {
            var arrivals = new Arrivals(senders, each * senders);
            while (!arrivals.AreComplete && await channel.Reader.WaitToReadAsync(ct))
                while (channel.Reader.TryRead(out Numbered? message)) arrivals.Add(message, series);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
