using Smc.Transport.Paths.Smcd;
using Smc.Transport.Rings;

namespace Smc.Transport.Tests.Paths.Smcd;

public sealed class QuiescenceTests
{
    [Fact]
    public void With_nobody_inside_the_wait_is_over_at_once()
    {
        var quiescence = default(Quiescence);
        Assert.False(quiescence.HasLeft(Insiders.Reader, Nobody));
        Assert.True(quiescence.Begin(() => Insiders.None));
        Assert.False(quiescence.HasLeft(Insiders.Reader, Nobody));
    }

    [Fact]
    public void The_last_of_those_inside_ends_the_wait()
    {
        var quiescence = default(Quiescence);
        Assert.False(quiescence.Begin(() => Insiders.All));
        Assert.False(quiescence.HasLeft(Insiders.Writer, Nobody));
        Assert.False(quiescence.HasLeft(Insiders.Writer, Nobody));
        Assert.False(quiescence.HasLeft(Insiders.Closer, Nobody));
        Assert.True(quiescence.HasLeft(Insiders.Reader, Nobody));
        Assert.False(quiescence.HasLeft(Insiders.Reader, Nobody));
    }

    [Fact]
    public void A_slow_leaver_does_not_sign_off_the_one_who_entered_after_it()
    {
        var quiescence = default(Quiescence);
        Assert.False(quiescence.Begin(() => Insiders.Reader));
        Assert.False(quiescence.HasLeft(Insiders.Reader, () => Insiders.Reader));
        Assert.True(quiescence.HasLeft(Insiders.Reader, Nobody));
    }

    [Fact]
    public void However_leaving_and_beginning_interleave_the_end_is_told_once_and_after_the_last_has_left() => Seeds.Run(seed =>
    {
        for (int round = 0; round < 150; round++)
        {
            var connection = new Connection();
            int spins = new Random(seed + round).Next(400);
            HangGuard.AtOnce(() => connection.Use(Insiders.Reader), () => connection.Use(Insiders.Writer), () =>
            {
                Thread.SpinWait(spins);
                connection.End();
            });
            Assert.Equal(1, connection.Told);
            Assert.Equal(0, connection.Late);
        }
    });

    private static Insiders Nobody() => Insiders.None;

    private sealed class Connection
    {
        private EntryMark _reader;
        private EntryMark _writer;
        private Quiescence _quiescence;
        private int _ended;
        private int _told;
        private int _late;

        public int Told => _told;

        /// <summary>Times that someone was inside after the end was told.</summary>
        public int Late => _late;

        public void Use(Insiders who)
        {
            ref EntryMark mark = ref who == Insiders.Reader ? ref _reader : ref _writer;
            for (int i = 0; i < 200; i++)
            {
                Assert.True(mark.TryEnter());
                bool ended = Volatile.Read(ref _ended) != 0;
                if (!ended && Volatile.Read(ref _told) != 0) Interlocked.Increment(ref _late);
                mark.Leave();
                if (_quiescence.HasLeft(who, Inside)) Interlocked.Increment(ref _told);
                if (ended) return;
            }
        }

        public void End()
        {
            Interlocked.Exchange(ref _ended, 1);
            if (_quiescence.Begin(Inside)) Interlocked.Increment(ref _told);
        }

        private Insiders Inside() => (_reader.IsTaken ? Insiders.Reader : 0) | (_writer.IsTaken ? Insiders.Writer : 0);
    }
}
