using System.Runtime.InteropServices;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Tests.Memory;

/// <summary>What goes out, what comes back, and what becomes of the memory of what nobody uses.</summary>
public sealed unsafe partial class DmbPoolTests : IDisposable
{
    private const byte Small = 0;
    private const byte Large = 6;
    private const int OfASlab = DmbSlab.MostDmbs;   // of small ones

    private readonly DmbPool _pool = new();
    private readonly List<IDisposable> _mapped = [];
    private uint _slabs;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(16_352)]
    public void What_comes_back_is_zeroed_as_far_as_it_was_touched_and_goes_out_next(int touched)
    {
        Grow(Small);
        Dmb dmb = Take(Small);
        Contents(dmb)[..(SmcdCdcLayout.Length + touched)].Fill(0xAA);
        _pool.Return(dmb, (uint)touched, (uint)touched);
        Assert.Equal((0, 64), (OfClass(0).InUse, OfClass(0).Dmbs));
        Assert.Same(dmb, Take(Small));   // last in, first out: it is the one in the cache
        Assert.False(Contents(dmb).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Nothing_of_a_neighbour_is_ever_zeroed()
    {
        Grow(Small);
        (Dmb one, Dmb other) = (Take(Small), Take(Small));
        Contents(other).Fill(7);
        _pool.Return(one, int.MaxValue, int.MaxValue);
        Assert.False(Contents(other).ContainsAnyExcept((byte)7));
    }

    [Fact]
    public void No_other_size_goes_out()
    {
        Assert.False(_pool.TryTake(Size(Large), out _));
        Grow(Small);
        Assert.False(_pool.TryTake(Size(Large), out _));
        Assert.Equal((true, false), (_pool.HasIdle(Size(Small)), _pool.HasIdle(Size(Large))));
        Grow(Large);
        for (int i = 0; i < 4; i++) Assert.Equal(Large, Take(Large).Slab.SizeClass.Code);
        Assert.False(_pool.HasIdle(Size(Large)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_given_back_twice_is_refused_before_anything_of_it_is_touched(bool isRetired)
    {
        DmbSlab slab = Grow(Small);
        Dmb dmb = Take(Small);
        if (isRetired) _pool.Retire(slab.Id);
        _pool.Return(dmb, 0, 0);
        Contents(dmb)[^1] = 1;
        Assert.Throws<InvalidOperationException>(() => _pool.Return(dmb, (uint)dmb.Range.Bytes, 0));
        Assert.Equal((1, 0), (Contents(dmb)[^1], OfClass(0).InUse));
    }

    [Fact]
    public void Nothing_of_a_retired_slab_goes_out_whether_it_was_idle_or_comes_back_later()
    {
        DmbSlab slab = Grow(Large);
        Dmb dmb = Take(Large);
        _pool.Retire(slab.Id);
        Assert.False(_pool.TryTake(Size(Large), out _));
        Assert.Equal((1, 3), (OfClass(0).InUse, OfClass(0).Retired));
        _pool.Return(dmb, 0, 0);
        Assert.False(_pool.TryTake(Size(Large), out _));
        Assert.Equal((0, 4), (OfClass(0).InUse, OfClass(0).Retired));
        Grow(Large);
        Assert.NotSame(slab, Take(Large).Slab);
    }

    [Fact]
    public void Where_the_group_ends_nothing_goes_out_and_what_comes_back_is_left_as_it_is()
    {
        Grow(Large);
        Grow(Small);
        Dmb dmb = Take(Large);
        Contents(dmb).Fill(7);
        _pool.RetireAll();
        _pool.Return(dmb, (uint)dmb.Range.Bytes, 0);
        Assert.False(Contents(dmb).ContainsAnyExcept((byte)7));
        Assert.False(_pool.TryTake(Size(Large), out _) || _pool.TryTake(Size(Small), out _));
        Assert.Equal(0, OfClass(1).InUse);
    }

    [Fact]
    public void A_class_has_a_limit()
    {
        for (int i = 0; i < DmbPool.MaxOfClass / DmbSlab.MostDmbs; i++) Grow(Small);
        Assert.False(_pool.TryAdd(NewSlab(Small, prefault: false)));
        Assert.Equal(DmbPool.MaxOfClass, OfClass(0).Dmbs);
    }

    [Fact]
    public void It_counts_what_goes_out_and_what_of_it_has_been_out_before()
    {
        Grow(Large);
        Dmb one = Take(Large);
        Take(Large);
        _pool.Return(one, 5_000, 5_000);
        _pool.Return(Take(Large), 3_000, 3_000);
        Assert.Equal(
            new DmbClassStatistics(Size(Large)) { Slabs = 1, Dmbs = 4, InUse = 1, Peak = 2, Committed = 2, Rents = 3, Reuses = 1, LargestUse = 5_000 },
            OfClass(0));
    }

    [Fact]
    public void The_memory_of_what_was_idle_for_a_whole_round_goes_back_and_no_other()
    {
        Grow(Large);
        Dmb used = Take(Large), idle = Take(Large), late = Take(Large);
        foreach (Dmb dmb in new[] { used, idle, late }) Contents(dmb).Fill(1);
        _pool.Return(idle, (uint)idle.Range.Bytes, (uint)idle.Range.Bytes);
        Assert.Equal(0, Round());
        _pool.Return(late, (uint)late.Range.Bytes, (uint)late.Range.Bytes);
        Assert.Equal(1, Round());
        Assert.Equal((0, Pages(used), Pages(late)), (CommittedPages(idle), CommittedPages(used), CommittedPages(late)));
        Assert.Equal((2, 1), (OfClass(0).Committed, OfClass(0).Trims));
        Assert.Equal(1, Round());
        Assert.Equal(0, Round());
        Assert.Equal(0, CommittedPages(late));
        Assert.False(Contents(used).ContainsAnyExcept((byte)1));
        Assert.False(Contents(Take(Large)).ContainsAnyExcept((byte)0));
        Assert.Equal(2, OfClass(0).Committed);
    }

    [Fact]
    public void What_came_back_last_goes_out_first_whichever_round_that_was_in()
    {
        Grow(Small);
        Dmb[] taken = [Take(Small), Take(Small), Take(Small), Take(Small)];
        foreach (Dmb dmb in taken[..2]) _pool.Return(dmb, 0, 0);
        Round();
        foreach (Dmb dmb in taken[2..]) _pool.Return(dmb, 0, 0);
        Assert.Equal(taken.Reverse(), [Take(Small), Take(Small), Take(Small), Take(Small)]);
    }

    [Fact]
    public void What_was_trimmed_goes_out_after_all_that_was_not()
    {
        Grow(Small);
        (Dmb old, Dmb[] young) = (Take(Small), [Take(Small), Take(Small)]);
        _pool.Return(old, 0, 0);
        Round();
        foreach (Dmb dmb in young) _pool.Return(dmb, 0, 0);
        Assert.Equal(1, Round());
        Assert.Equal([young[1], young[0], old], [Take(Small), Take(Small), Take(Small)]);
    }

    [Fact]
    public void What_was_due_when_its_slab_was_retired_is_trimmed_and_no_longer_idle()
    {
        DmbSlab slab = Grow(Large);
        Dmb[] all = [Take(Large), Take(Large), Take(Large), Take(Large)];
        foreach (Dmb dmb in all) _pool.Return(dmb, 0, 0);
        _pool.Retire(slab.Id);
        Round();
        Assert.Equal(4, Round());
        Assert.Equal((false, 4, 0, 4), (_pool.HasIdle(Size(Large)), OfClass(0).Retired, OfClass(0).Committed, OfClass(0).Trims));
    }

    [Fact]
    public void Trimming_allocates_nothing_however_much_is_idle()
    {
        for (int i = 0; i < DmbPool.MaxOfClass / DmbSlab.MostDmbs; i++) Grow(Small);
        Assert.Equal(0, Round());   // compiled
        foreach (Dmb dmb in Enumerable.Range(0, DmbPool.MaxOfClass).Select(_ => Take(Small)).ToArray()) _pool.Return(dmb, 0, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        (int none, int all) = (Round(), Round());
        Assert.Equal((0, DmbPool.MaxOfClass, 0L), (none, all, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void A_batch_of_trimming_has_the_size_that_was_asked_for()
    {
        Grow(Small);
        foreach (Dmb dmb in Enumerable.Range(0, 10).Select(_ => Take(Small)).ToArray()) _pool.Return(dmb, 0, 0);
        _pool.BeginTrim();
        _pool.BeginTrim();
        Assert.Equal((4, 4, 2, 0), (_pool.Trim(4), _pool.Trim(4), _pool.Trim(4), _pool.Trim(4)));
    }

    [Fact]
    public void What_was_prefaulted_stays_committed()
    {
        Grow(Small, prefault: true);
        _pool.Return(Take(Small), 0, 0);
        for (int i = 0; i < 3; i++) Round();
        Assert.Equal((64, 0), (OfClass(0).Committed, OfClass(0).Trims));
    }

    [Fact]
    public void What_a_peer_writes_to_a_trimmed_DMB_is_no_fault()
    {
        DmbSlab slab = NewSlab(Small, prefault: false, out FileDescriptor descriptor);
        Assert.True(_pool.TryAdd(slab));
        Assert.Equal(MemoryError.None, PeerSlab.TryOpen(descriptor, slab.SizeClass, slab.Count, slab.Bytes, mappings: null, out PeerSlab? peer));
        _mapped.Add(peer!);
        Dmb dmb = Take(Small);
        Assert.True(peer!.TryGetRange(dmb.Index, out DmbRange seen));
        new Span<byte>(seen.Address, seen.Bytes).Fill(3);
        _pool.Return(dmb, (uint)seen.Bytes, (uint)seen.Bytes);
        Round();
        Assert.Equal(1, Round());
        Assert.False(new Span<byte>(seen.Address, seen.Bytes).ContainsAnyExcept((byte)0));
        Assert.Same(dmb, Take(Small));
        new Span<byte>(seen.Address, seen.Bytes).Fill(4);
        Assert.False(Contents(dmb).ContainsAnyExcept((byte)4));
    }

    [Fact]
    public void Two_threads_that_take_while_a_third_trims_never_share_one() => Seeds.Run(seed =>
    {
        const int Turns = 20_000;
        Grow(Small);
        using var stop = new CancellationTokenSource();
        Task trimming = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Round();
        });
        Task[] takers = [.. Enumerable.Range(1, 2).Select(stamp => Task.Run(() => Use((byte)stamp, new Random(seed + stamp), Turns)))];
        HangGuard.Until(() => Task.WhenAll(takers).IsCompleted, "the takers to end");
        stop.Cancel();
        Task.WaitAll([.. takers, trimming]);
        Assert.Equal((0, 64), (OfClass(0).InUse, OfClass(0).Dmbs));
        Assert.Equal(64, Enumerable.Range(0, 64).Select(_ => Take(Small)).Distinct().Count());
    });

    [Fact]
    public void At_every_step_of_trimming_all_but_one_can_be_taken()
    {
        for (int step = 0; ; step++)
        {
            int left = int.MaxValue, taken = 0;
            DmbPool pool = null!;
            pool = new DmbPool(capacity => new SteppedList(capacity, () =>
            {
                if (left-- == 0) taken = TakeAll(pool);
            }));
            DmbSlab slab = NewSlab(Large, prefault: false);
            Assert.True(pool.TryAdd(slab));
            Assert.Equal(slab.Count, TakeAll(pool));
            pool.BeginTrim();
            pool.BeginTrim();
            left = step;
            pool.Trim(int.MaxValue);
            if (left >= 0) break;
            Assert.InRange(taken, slab.Count - 1, slab.Count);
        }
    }

    [Fact]
    public void Nobody_finds_the_pool_empty_while_one_is_idle_that_is_not_just_being_trimmed()
    {
        const int Takers = 3;
        const int Turns = 3_000;
        Grow(Small);
        int misses = 0, taking = Takers;
        HangGuard.AtOnce([Trim, .. Enumerable.Repeat((Action)TakeAndReturn, Takers)]);
        Assert.Equal(0, misses);
        Assert.Equal((OfASlab, 0), (OfClass(0).Dmbs, OfClass(0).InUse));
        Assert.Equal(OfASlab, Enumerable.Range(0, OfASlab).Select(_ => Take(Small)).Distinct().Count());

        void Trim()
        {
            while (Volatile.Read(ref taking) > 0) Round();
        }

        void TakeAndReturn()
        {
            Interlocked.Add(ref misses, Misses(OfASlab / Takers, Turns));
            Interlocked.Decrement(ref taking);
        }
    }

    public void Dispose()
    {
        foreach (IDisposable one in _mapped) one.Dispose();
    }

    private void Use(byte stamp, Random random, int turns)
    {
        var held = new Stack<Dmb>();
        for (int i = 0; i < turns; i++)
        {
            if (held.Count < 8 && random.Next(2) == 0 && _pool.TryTake(Size(Small), out Dmb? taken))
            {
                Assert.Equal(0, Contents(taken)[^1]);
                Contents(taken)[^1] = stamp;
                held.Push(taken);
            }
            else if (held.TryPop(out Dmb? dmb))
            {
                Assert.Equal(stamp, Contents(dmb)[^1]);
                _pool.Return(dmb, (uint)dmb.Range.Bytes, (uint)dmb.Range.Bytes);
            }
        }

        while (held.TryPop(out Dmb? dmb)) _pool.Return(dmb, (uint)dmb.Range.Bytes, (uint)dmb.Range.Bytes);
    }

    /// <summary>Takes so many, and gives them back: while it takes, two are idle at the least, of which trimming has one.</summary>
    private int Misses(int most, int turns)
    {
        int misses = 0;
        var held = new Stack<Dmb>();
        for (int i = 0; i < turns; i++)
        {
            while (held.Count < most)
            {
                if (_pool.TryTake(Size(Small), out Dmb? taken)) held.Push(taken);
                else misses++;
            }

            while (held.TryPop(out Dmb? dmb)) _pool.Return(dmb, 0, 0);
        }

        return misses;
    }

    private int Round()
    {
        _pool.BeginTrim();
        return _pool.Trim(int.MaxValue);
    }

    private DmbSlab Grow(byte code, bool prefault = false)
    {
        DmbSlab slab = NewSlab(code, prefault);
        Assert.True(_pool.TryAdd(slab));
        return slab;
    }

    private DmbSlab NewSlab(byte code, bool prefault)
    {
        DmbSlab slab = NewSlab(code, prefault, out FileDescriptor descriptor);
        descriptor.Dispose();
        return slab;
    }

    private DmbSlab NewSlab(byte code, bool prefault, out FileDescriptor descriptor)
    {
        Assert.Equal(MemoryError.None, DmbSlab.TryCreate(++_slabs, Size(code), prefault, mappings: null, out DmbSlab? slab, out FileDescriptor? created));
        _mapped.Add(slab!);
        descriptor = created!;
        return slab!;
    }

    private Dmb Take(byte code)
    {
        Assert.True(_pool.TryTake(Size(code), out Dmb? dmb));
        return dmb;
    }

    /// <summary>Takes what there is of the large ones, and gives it back.</summary>
    private static int TakeAll(DmbPool pool)
    {
        var taken = new List<Dmb>();
        while (pool.TryTake(Size(Large), out Dmb? dmb)) taken.Add(dmb);
        foreach (Dmb dmb in taken) pool.Return(dmb, 0, 0);
        return taken.Count;
    }

    private DmbClassStatistics OfClass(int index) => _pool.Statistics[index];

    private static SizeClass Size(byte code)
    {
        Assert.True(SizeClass.TryFromCode(code, out SizeClass size));
        return size;
    }

    private static Span<byte> Contents(Dmb dmb) => new(dmb.Range.Address, dmb.Range.Bytes);

    private static int Pages(Dmb dmb) => dmb.Range.Bytes / Environment.SystemPageSize;

    /// <summary>Pages that the system has for it, whoever has touched them.</summary>
    private static int CommittedPages(Dmb dmb)
    {
        byte[] pages = new byte[Pages(dmb)];
        Assert.Equal(0, MInCore(dmb.Range.Address, (nuint)dmb.Range.Bytes, pages));
        return pages.Count(page => (page & 1) != 0);
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int MInCore(void* address, nuint length, byte[] pages);

    /// <summary>A list behind whose every step others come.</summary>
    private sealed class SteppedList(int capacity, Action step) : IDescriptorList
    {
        private readonly FreeList _list = new(capacity);

        public int Count => _list.Count;

        public void Push(int index)
        {
            _list.Push(index);
            step();
        }

        public bool TryPop(out int index)
        {
            bool isTaken = _list.TryPop(out index);
            step();
            return isTaken;
        }
    }
}
