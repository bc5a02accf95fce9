namespace Smc.Models.Tests;

/// <summary>The protocols of shared memory hold in every interleaving, and the models notice when a part of one is taken away.</summary>
public class ModelTests
{
    private const string Wakeup = "wakeup.pml";
    private const string Publication = "publication.pml";
    private const string Lifetime = "lifetime.pml";
    private const string Pending = "pending.pml";
    private const string LostSleeper = "invalid end state";

    [Fact]
    public Task Every_message_is_read_whoever_sleeps_when() => Holds(Wakeup);

    [Fact]
    public Task Every_message_is_read_where_all_sleepers_are_threads() => Holds(Wakeup, "NO_ASYNC");

    [Fact]
    public Task Every_message_is_read_where_all_sleepers_are_asynchronous() => Holds(Wakeup, "NO_SYNC");

    [Fact]
    public Task A_wake_up_is_lost_without_the_writers_fence() => Fails(Wakeup, "NO_FENCE_WRITER", LostSleeper);

    [Fact]
    public Task A_wake_up_is_lost_without_the_readers_fence() => Fails(Wakeup, "NO_FENCE_READER", LostSleeper);

    [Fact]
    public Task A_wake_up_is_lost_where_a_plain_store_clears_the_announcement() => Fails(Wakeup, "PLAIN_CLEAR", LostSleeper);

    [Fact]
    public Task A_wake_up_is_lost_without_the_second_look() => Fails(Wakeup, "NO_RECHECK", LostSleeper);

    [Fact]
    public Task Word_two_never_goes_back_loses_nothing_and_never_overtakes_data() => Holds(Publication);

    [Fact]
    public Task Changes_are_lost_where_authors_store_the_shared_word() =>
        Fails(Publication, "PLAIN_STORE", "assertion violated ((mem[1]&15)==(2|8))");

    [Fact]
    public Task Word_two_goes_back_where_two_publish_at_once() =>
        Fails(Publication, "NO_PENDING", "assertion violated ((word/16)>=(mem[1]/16))");

    [Fact]
    public Task Changes_are_lost_where_the_publisher_gives_up_by_a_plain_store() => Fails(Publication, "PLAIN_RELEASE", "assertion violated");

    [Fact]
    public Task Changes_are_lost_where_the_publisher_looks_only_once() => Fails(Publication, "NO_SECOND_TURN", "assertion violated");

    [Fact]
    public Task The_end_overtakes_data_where_the_peer_loads_word_one_first() =>
        Fails(Publication, "LOAD_ORDER", "assertion violated (((two&8)==0)||(one==2))");

    [Fact]
    public Task The_end_overtakes_data_where_it_is_published_before_word_one() =>
        Fails(Publication, "STORE_ORDER", "assertion violated (((two&8)==0)||(one==2))");

    [Fact]
    public Task Nobody_touches_memory_that_went_and_the_closer_is_told_once() => Holds(Lifetime);

    [Fact]
    public Task Two_threads_get_in_where_the_mark_is_plain() => Fails(Lifetime, "PLAIN_MARK", "assertion violated (inside[m]==1)");

    [Fact]
    public Task Memory_is_touched_late_where_the_state_is_not_looked_at_after_entering() =>
        Fails(Lifetime, "NO_STATE_RECHECK", "assertion violated mapped");

    [Fact]
    public Task The_closer_is_never_told_without_the_process_wide_barrier() => Fails(Lifetime, "NO_BARRIER", "invalid end state");

    [Fact]
    public Task Memory_goes_too_early_where_a_slow_leaver_speaks_for_its_successor() =>
        Fails(Lifetime, "NO_MARK_RECHECK", "assertion violated mapped");

    [Fact]
    public Task Memory_is_touched_late_where_a_shutdown_does_not_look_for_a_close() =>
        Fails(Lifetime, "LATE_SHUTDOWN", "assertion violated mapped");

    [Fact]
    public Task A_pending_operation_completes_once_and_touches_memory_from_inside_only() => Holds(Pending);

    [Fact]
    public Task Memory_is_touched_late_where_a_waker_claims_what_is_still_being_announced() =>
        Fails(Pending, "ARMED_FIRST", "assertion violated inside");

    [Fact]
    public Task A_pending_operation_never_completes_where_a_waker_leaves_no_note() => Fails(Pending, "NO_RUNG", "invalid end state");

    private static async Task Holds(string model, string? variant = null)
    {
        ModelChecker.Verdict verdict = await ModelChecker.CheckAsync(model, variant);
        Assert.True(verdict is { Errors: 0, IsComplete: true }, verdict.Output);
    }

    private static async Task Fails(string model, string variant, string how)
    {
        ModelChecker.Verdict verdict = await ModelChecker.CheckAsync(model, variant);
        Assert.True(verdict.Errors > 0, verdict.Output);
        Assert.True(verdict.Output.Contains(how, StringComparison.Ordinal), verdict.Output);
    }
}
