using Actors.Tests.Harness;
using Smc.Actors.Connections;
using Smc.Actors.Inspection;
using Smc.Actors.Protocol;
using Smc.Transport;

namespace Actors.Tests.Connections;

public sealed class FallbackTableTests
{
    private readonly SteppedTime _time = new();
    private readonly FallbackTable _table;

    public FallbackTableTests() => _table = new FallbackTable(_time);

    [Fact]
    public void A_row_knows_how_often_and_when_and_the_latest_comes_first()
    {
        DateTime first = _time.GetUtcNow().UtcDateTime;
        _table.Add("10.0.0.9", Of(SmcReason.PeerNoSmc));
        _time.Advance(TimeSpan.FromMinutes(1));
        _table.Add("10.0.0.9", Of(SmcReason.MaxDmb));
        _time.Advance(TimeSpan.FromMinutes(1));
        _table.Add("10.0.0.9", Of(SmcReason.PeerNoSmc));
        Assert.Equal(
            [
                new FallbackReport("10.0.0.9", ConnectionRole.Server, SmcReason.PeerNoSmc, SmcReason.None, new Counted(2, first, first + TimeSpan.FromMinutes(2))),
                new FallbackReport("10.0.0.9", ConnectionRole.Server, SmcReason.MaxDmb, SmcReason.None, new Counted(1, first + TimeSpan.FromMinutes(1), first + TimeSpan.FromMinutes(1))),
            ],
            _table.Report());
    }

    [Fact]
    public void A_host_with_many_addresses_displaces_rows_and_no_counts()
    {
        _table.Add("10.0.0.9", Of(SmcReason.MaxDmb));
        for (int i = 0; i < 3 * FallbackTable.MostRows; i++)
        {
            _table.Add($"fd00::{i:x}", Of(SmcReason.PeerNoSmc));
            if (i % 100 == 0) _table.Add("10.0.0.9", Of(SmcReason.MaxDmb));   // who goes on stays
        }

        IReadOnlyList<FallbackReport> rows = _table.Report();
        Assert.Equal(FallbackTable.MostRows, rows.Count);
        Assert.Equal(32, Assert.Single(rows, row => row.Peer == "10.0.0.9").Times.Count);
        Assert.Equal(3 * FallbackTable.MostRows, _table.Reasons()[SmcReason.PeerNoSmc]);
    }

    [Fact]
    public void A_fallback_that_was_counted_under_the_wrong_reason_is_moved()
    {
        _table.Add("10.0.0.9", Of(SmcReason.PeerNoSmc));
        _table.Add("10.0.0.9", Of(SmcReason.PeerNoSmc));
        _table.Recount("10.0.0.9", Of(SmcReason.PeerNoSmc), Of(SmcReason.SniffTimeout));
        Assert.Equal([(SmcReason.SniffTimeout, 1L), (SmcReason.PeerNoSmc, 1L)], _table.Report().Select(row => (row.Reason, row.Times.Count)));
        _table.Recount("10.0.0.9", Of(SmcReason.PeerNoSmc), Of(SmcReason.SniffTimeout));
        Assert.Equal([(SmcReason.SniffTimeout, 2L)], _table.Report().Select(row => (row.Reason, row.Times.Count)));
        Assert.Equal((0, 2), (_table.Reasons()[SmcReason.PeerNoSmc], _table.Reasons()[SmcReason.SniffTimeout]));
    }

    [Fact]
    public async Task Nobody_finds_a_fallback_that_is_moved_under_neither_reason()
    {
        const int Moves = 100_000;
        _table.Add("10.0.0.9", Of(SmcReason.PeerNoSmc));
        Task moving = Task.Run(() =>
        {
            for (int i = 0; i < Moves; i++)
            {
                _table.Recount("10.0.0.9", Of(SmcReason.PeerNoSmc), Of(SmcReason.SniffTimeout));
                _table.Recount("10.0.0.9", Of(SmcReason.SniffTimeout), Of(SmcReason.PeerNoSmc));
            }
        });
        while (!moving.IsCompleted) Assert.Equal(1, _table.Reasons().Values.Sum());
        await moving.Guard();
    }

    private static HandshakeDecision Of(SmcReason reason) => new(ConnectionRole.Server, HandshakeStep.LookUp, ConnectionRole.Client, reason);
}
