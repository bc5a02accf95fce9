namespace Smc.Models.Tests;

/// <summary>The protocols of shared memory hold in every interleaving, and the models notice when a part of one is taken away.</summary>
public class ModelTests
{
    private const string Wakeup = "wakeup.pml";
    private const string Courier = "courier.pml";
    private const string Publication = "publication.pml";
    private const string Lifetime = "lifetime.pml";
    private const string Pending = "pending.pml";
    private const string Vector = "vector.pml";
    private const string FreeList = "freelist.pml";
    private const string AlfQueue = "alfqueue.pml";
    private const string LostSleeper = "invalid end state";

    [Fact]
    public Task Every_message_is_read_whoever_sleeps_when() => Holds(Wakeup);

    [Fact]
    public Task Every_message_is_read_where_all_sleepers_are_threads() => Holds(Wakeup, "NO_ASYNC");

    [Fact]
    public Task Every_message_is_read_where_all_sleepers_are_asynchronous() => Holds(Wakeup, "NO_SYNC");

    [Fact]
    public Task A_wake_up_is_lost_without_the_writers_fence() => Fails(Wakeup, LostSleeper, "NO_FENCE_WRITER");

    [Fact]
    public Task A_wake_up_is_lost_without_the_readers_fence() => Fails(Wakeup, LostSleeper, "NO_FENCE_READER");

    [Fact]
    public Task A_wake_up_is_lost_where_a_plain_store_clears_the_announcement() => Fails(Wakeup, LostSleeper, "PLAIN_CLEAR");

    [Fact]
    public Task A_wake_up_is_lost_without_the_second_look() => Fails(Wakeup, LostSleeper, "NO_RECHECK");

    [Fact]
    public Task A_wake_up_is_lost_where_a_muted_turn_takes_the_ready_bit() => Fails(Wakeup, LostSleeper, "DEAF_READ");

    [Fact]
    public Task Every_message_is_read_where_a_reader_pays_the_writers_fences() => Holds(Courier);

    [Fact]
    public Task Every_message_is_read_where_a_thread_pays_the_writers_fences() => Holds(Courier, "NO_ASYNC");

    [Fact]
    public Task Every_message_is_read_where_an_asynchronous_reader_pays_the_writers_fences() => Holds(Courier, "NO_SYNC");

    [Theory]
    [InlineData("NO_COURIER")]
    [InlineData("NO_BARRIER")]
    [InlineData("BARRIER_FIRST")]
    [InlineData("PAYS_TWICE")]
    [InlineData("BYSTANDER_PAYS")]
    [InlineData("FORGETS")]
    [InlineData("NO_FENCE_WRITER")]
    [InlineData("NO_FENCE_READER")]
    [InlineData("NO_RECHECK")]
    public Task A_wake_up_is_lost_where_a_part_of_the_courier_is_missing(string variant) => Fails(Courier, LostSleeper, variant);

    [Fact]
    public Task Word_two_never_goes_back_loses_nothing_and_never_overtakes_data() => Holds(Publication);

    [Fact]
    public Task Changes_are_lost_where_authors_store_the_shared_word() =>
        Fails(Publication, "assertion violated ((mem[1]&15)==(2|8))", "PLAIN_STORE");

    [Fact]
    public Task Word_two_goes_back_where_two_publish_at_once() =>
        Fails(Publication, "assertion violated ((word/16)>=(mem[1]/16))", "NO_PENDING");

    [Fact]
    public Task Changes_are_lost_where_the_publisher_gives_up_by_a_plain_store() => Fails(Publication, "assertion violated", "PLAIN_RELEASE");

    [Fact]
    public Task Changes_are_lost_where_the_publisher_looks_only_once() => Fails(Publication, "assertion violated", "NO_SECOND_TURN");

    [Fact]
    public Task A_sleeper_is_forgotten_where_each_author_rings_for_its_own_change_alone() => Fails(Publication, "assertion violated", "RING_OWN");

    [Fact]
    public Task A_sleeper_is_woken_for_nothing_where_each_author_rings_for_all() =>
        Fails(Publication, "assertion violated  !(readerStartled)", "RING_ALL");

    [Fact]
    public Task Changes_are_lost_where_one_without_an_audience_leaves_no_mark() => Fails(Publication, "assertion violated", "ONE_BIT");

    [Fact]
    public Task The_end_overtakes_data_where_the_peer_loads_word_one_first() =>
        Fails(Publication, "assertion violated (((two&8)==0)||(one==2))", "LOAD_ORDER");

    [Fact]
    public Task The_end_overtakes_data_where_it_is_published_before_word_one() =>
        Fails(Publication, "assertion violated (((two&8)==0)||(one==2))", "STORE_ORDER");

    [Fact]
    public Task Nobody_touches_memory_that_went_and_the_closer_is_told_once() => Holds(Lifetime);

    [Fact]
    public Task Nobody_touches_memory_that_went_where_a_thread_owns_the_mark() => Holds(Lifetime, "OWNED");

    [Fact]
    public Task Two_threads_get_in_where_the_owner_does_not_look_whether_it_still_is() =>
        Fails(Lifetime, "assertion violated (inside[m]==1)", "OWNED", "NO_OWNER_RECHECK");

    [Fact]
    public Task Two_threads_get_in_where_an_ownership_ends_without_a_barrier() =>
        Fails(Lifetime, "assertion violated (inside[m]==1)", "OWNED", "NO_OWNER_BARRIER");

    [Fact]
    public Task Memory_goes_too_early_where_a_leaver_does_not_wait_for_the_mark_of_the_owner() =>
        Fails(Lifetime, "assertion violated mapped", "OWNED", "NO_LEAVER_BARRIER");

    [Fact]
    public Task The_closer_is_never_told_where_one_who_is_refused_says_nothing() =>
        Fails(Lifetime, "invalid end state", "OWNED", "NO_REFUSED_CHECK");

    [Fact]
    public Task Two_threads_get_in_where_the_mark_is_plain() => Fails(Lifetime, "assertion violated (inside[m]==1)", "PLAIN_MARK");

    [Fact]
    public Task Memory_is_touched_late_where_the_state_is_not_looked_at_after_entering() =>
        Fails(Lifetime, "assertion violated mapped", "NO_STATE_RECHECK");

    [Fact]
    public Task The_closer_is_never_told_without_the_process_wide_barrier() => Fails(Lifetime, "invalid end state", "NO_BARRIER");

    [Fact]
    public Task Memory_goes_too_early_where_a_slow_leaver_speaks_for_its_successor() =>
        Fails(Lifetime, "assertion violated mapped", "NO_MARK_RECHECK");

    [Fact]
    public Task Memory_is_touched_late_where_a_shutdown_does_not_look_for_a_close() =>
        Fails(Lifetime, "assertion violated mapped", "LATE_SHUTDOWN");

    [Fact]
    public Task A_pending_operation_completes_once_and_touches_memory_from_inside_only() => Holds(Pending);

    [Fact]
    public Task Memory_is_touched_late_where_a_waker_claims_what_is_still_being_announced() =>
        Fails(Pending, "assertion violated inside", "ARMED_FIRST");

    [Fact]
    public Task A_pending_operation_never_completes_where_a_waker_leaves_no_note() => Fails(Pending, "invalid end state", "NO_RUNG");

    [Fact]
    public Task A_vector_runs_every_message_and_handles_every_completion_and_then_ends() => Holds(Vector);

    [Fact]
    public Task A_vector_without_a_completion_queue_runs_every_message_and_then_ends() => Holds(Vector, "NO_SOURCE");

    [Fact]
    public Task A_vector_sleeps_on_work_where_who_rings_does_not_fence() => Fails(Vector, LostSleeper, "NO_FENCE_RING");

    [Fact]
    public Task A_vector_sleeps_on_work_where_it_does_not_fence_its_announcement() =>
        Fails(Vector, LostSleeper, "NO_SOURCE", "NO_FENCE_SLEEP");

    [Fact]
    public Task A_vector_sleeps_on_completions_where_arming_does_not_fence() => Fails(Vector, LostSleeper, "NO_FENCE_ARM");

    [Fact]
    public Task A_vector_sleeps_on_completions_where_it_does_not_poll_after_arming() => Fails(Vector, LostSleeper, "NO_POLL");

    [Fact]
    public Task A_vector_sleeps_on_completions_where_it_announces_after_that_poll() => Fails(Vector, LostSleeper, "LATE_ANNOUNCE");

    [Fact]
    public Task A_vector_sleeps_on_messages_where_it_does_not_look_for_them_again() => Fails(Vector, LostSleeper, "NO_LOOK");

    [Fact]
    public Task A_vector_sleeps_on_work_where_a_plain_store_clears_its_announcement() => Fails(Vector, LostSleeper, "PLAIN_CLEAR");

    [Fact]
    public Task A_buffer_of_a_free_list_has_one_holder_and_none_is_lost() => Holds(FreeList);

    [Fact]
    public Task A_buffer_is_handed_out_twice_where_the_head_has_no_version() =>
        Fails(FreeList, "assertion violated  !(held[top])", "NO_VERSION");

    [Fact]
    public Task Each_element_of_an_array_queue_is_taken_once_and_no_place_is_used_too_early() => Holds(AlfQueue);

    [Fact]
    public Task A_place_is_used_too_early_where_a_producer_does_not_wait_for_those_before_it() => Fails(AlfQueue, "assertion violated", "NO_WAIT");

    [Fact]
    public Task An_element_is_taken_twice_where_a_store_reserves() => Fails(AlfQueue, "assertion violated ((item!=0)", "PLAIN_RESERVE");

    private static async Task Holds(string model, params string[] variants)
    {
        ModelChecker.Verdict verdict = await ModelChecker.CheckAsync(model, variants);
        Assert.True(verdict is { Errors: 0, IsComplete: true }, verdict.Output);
    }

    private static async Task Fails(string model, string how, params string[] variants)
    {
        ModelChecker.Verdict verdict = await ModelChecker.CheckAsync(model, variants);
        Assert.True(verdict.Errors > 0, verdict.Output);
        Assert.True(verdict.Output.Contains(how, StringComparison.Ordinal), verdict.Output);
    }
}
