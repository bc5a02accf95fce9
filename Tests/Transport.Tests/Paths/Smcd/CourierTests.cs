using Smc.Transport.Memory;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;
using Smc.Transport.Waiting;

namespace Smc.Transport.Tests.Paths.Smcd;

/// <summary>A reader that pays for the fences of its peer's writer, and what becomes of its debt.</summary>
public sealed class CourierTests : IDisposable
{
    private const int Debt = SleepWord.Owed;

    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: false));
    private readonly byte[] _byte = new byte[1];
    private readonly SmcdEnd _client;
    private readonly SmcdEnd _server;

    public CourierTests()
    {
        SmcdLink link = _group.Connect();
        _client = link.Client;
        _server = link.Server;
    }

    private int Word => _group.Announced(GroupSide.Server, _server.Link.Slot).Reader;

    [Fact]
    public async Task A_reader_that_streams_pledges_and_one_that_sleeps_has_its_debt_paid_without_being_woken()
    {
        Stream(PledgePolicy.LeastHits + 1);
        Assert.Equal(Debt, Word);
        Task<int> reading = ReadAsync();
        await UntilWord(SleepWord.Callback);
        Assert.False(reading.IsCompleted);
        Assert.Equal((1, 1), (_server.Path.Statistics.Sleeps, _server.Path.Statistics.Bells));
        _client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
        Assert.Equal(SleepWord.Awake, Word);
    }

    [Fact]
    public async Task A_thread_whose_debt_is_paid_sleeps_on()
    {
        Stream(PledgePolicy.LeastHits + 1);
        Task<int> reading = HangGuard.OnThread(() => _server.Path.Read(_byte, -1));
        await UntilWord(SleepWord.Thread);
        long sleeps = _server.Path.Statistics.Sleeps;
        Assert.InRange(sleeps, 0, 2);   // a debt that was paid between the bell and the sleep makes two
        Assert.False(reading.IsCompleted);
        _client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
        Assert.Equal(0, _server.Path.Statistics.MissedBells);
    }

    [Fact]
    public void A_reader_that_answers_each_message_never_pledges()
    {
        for (int i = 0; i < 500; i++)
        {
            _client.Path.Write(_byte, -1);
            Assert.Equal(1, _server.Path.Read(_byte, -1));
            Assert.Throws<IOException>(() => _server.Path.Read(_byte, 0));   // nothing there: the streak ends
        }

        Assert.Equal((SleepWord.Awake, 0), (Word, _server.Path.Statistics.Bells));
    }

    [Fact]
    public async Task What_a_writer_published_without_a_look_is_found_by_the_courier()
    {
        Task<int> reading = ReadAsync();
        AsIfPledged(SleepWord.Callback, () => _client.Path.Write(_byte, -1));
        Assert.False(reading.IsCompleted);
        _group.RingBell(GroupSide.Client, _server.Link.Slot);
        Assert.Equal(1, await reading.Guarded());
    }

    [Fact]
    public async Task What_a_writer_published_without_a_look_is_found_by_the_courier_for_a_thread()
    {
        Task<int> reading = HangGuard.OnThread(() => _server.Path.Read(_byte, -1));
        await UntilWord(SleepWord.Thread);
        AsIfPledged(SleepWord.Thread, () => _client.Path.Write(_byte, -1));
        _group.RingBell(GroupSide.Client, _server.Link.Slot);
        Assert.Equal(1, await reading.Guarded());
    }

    [Fact]
    public async Task Who_wakes_a_reader_and_is_not_its_writer_leaves_the_debt()
    {
        Task<int> reading = ReadAsync();
        AsIfPledged(SleepWord.Callback, () => { });
        _server.Path.ShutdownWrite();   // wakes this end's sleepers: nothing to read, so it announces again, and asks
        await UntilWord(SleepWord.Callback);
        Assert.Equal(1, _server.Path.Statistics.Bells);
        AsIfPledged(SleepWord.Callback, () => { });
        _client.Path.WakePeer(CdcAudience.Reader);   // as the peer's closer does with a state
        await UntilWord(SleepWord.Callback);
        Assert.Equal(2, _server.Path.Statistics.Bells);
        _client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
    }

    [Fact]
    public async Task The_writer_pays_itself_where_it_finds_a_sleeper()
    {
        Task<int> reading = ReadAsync();
        AsIfPledged(SleepWord.Callback, () => { });
        _client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
        Assert.Equal(SleepWord.Awake, Word);
    }

    [Fact]
    public async Task The_debt_of_a_slot_is_its_next_readers()
    {
        Stream(PledgePolicy.LeastHits + 1);
        _client.Stream.Dispose();
        _server.Stream.Dispose();
        HangGuard.Until(() => _group.FreeSlots == LinkGroupMemory.MaxConnections, "the slot to come back");
        SmcdLink next = _group.Connect();
        Assert.Equal(_server.Link.Slot, next.Slot);
        Assert.Equal(Debt, Word);
        Task<int> reading = next.Server.Path.ReadAsync(_byte, CancellationToken.None).AsTask();
        await UntilWord(SleepWord.Callback);
        Assert.Equal(1, next.Server.Path.Statistics.Bells);
        next.Client.Path.Write(_byte, -1);
        Assert.Equal(1, await reading.Guarded());
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(1)]
    public async Task A_reader_that_lies_about_what_it_has_seen_disturbs_itself_alone(long seen)
    {
        SmcdLink other = _group.Connect();
        Task<int> reading = ReadAsync();
        Task<int> othersReading = other.Server.Path.ReadAsync(new byte[1], CancellationToken.None).AsTask();
        AsIfPledged(SleepWord.Callback, () => { });
        _group.Seen(GroupSide.Server, _server.Link.Slot) = seen;
        _group.RingBell(GroupSide.Client, _server.Link.Slot);
        await UntilWord(SleepWord.Callback);   // woken for nothing, it announces again
        Assert.False(othersReading.IsCompleted);
        _client.Path.Write(_byte, -1);
        other.Client.Path.Write(_byte, -1);
        Assert.Equal((1, 1), (await reading.Guarded(), await othersReading.Guarded()));
        Assert.Equal(0, other.Server.Path.Statistics.MissedBells);
    }

    [Fact]
    public async Task An_ask_for_a_slot_without_a_connection_waits_for_one()
    {
        int slot = _server.Link.Slot + 1;
        _group.Put(GroupSide.Server, slot, SleepWord.Callback | Debt);
        _group.RingBell(GroupSide.Client, slot);
        Task<int> reading = ReadAsync();
        AsIfPledged(SleepWord.Callback, () => _client.Path.Write(_byte, -1));
        _group.RingBell(GroupSide.Client, _server.Link.Slot);
        Assert.Equal(1, await reading.Guarded());   // barrier: the wake thread has been past the empty slot
        Assert.Equal(SleepWord.Callback | Debt, _group.Announced(GroupSide.Server, slot).Reader);
    }

    public void Dispose() => _group.Dispose();

    /// <summary>Makes the server's reader, which sleeps, one in debt, as whom the writer has seen awake while <paramref name="whilePledged"/> ran.</summary>
    private void AsIfPledged(int kind, Action whilePledged)
    {
        _group.Put(GroupSide.Server, _server.Link.Slot, Debt);
        whilePledged();
        _group.Put(GroupSide.Server, _server.Link.Slot, kind | Debt);
    }

    private void Stream(int messages)
    {
        for (int i = 0; i < messages; i++) _client.Path.Write(_byte, -1);
        for (int i = 0; i < messages; i++) Assert.Equal(1, _server.Path.Read(_byte, -1));
    }

    private Task<int> ReadAsync() => _server.Path.ReadAsync(_byte, CancellationToken.None).AsTask();

    private Task UntilWord(int word) => HangGuard.OnThread(() => HangGuard.Until(() => Word == word, $"the word {word}"));
}
