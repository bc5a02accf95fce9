using System.Diagnostics.CodeAnalysis;
using Smc.Actors.Inspection;
using Smc.Actors.Settings;
using Smc.Transport.Interop.Linux;
using Smc.Transport.Memory;

namespace Smc.Actors.Buffers;

/// <summary>
/// The DMBs of one link group, counted. Its actor takes them and gives them back here, without a message; where none is idle it asks the
/// <see cref="BufferPoolActor"/>, which adds slabs and trims. Whoever looks in reads the report.
/// </summary>
internal sealed class GroupBuffers
{
    private readonly BufferSettings _settings;
    private readonly DmbShare _share;
    private uint _lastSlab;
    private readonly long[] _downgrades = new long[SizeClass.LargestSmcdCode + 1];   // by the size class that was handed out
    private long _refusals;
    private FileDescriptor? _pending;
    private bool _isClosed;

    /// <param name="settings">The wanted class.</param>
    /// <param name="share">The limits that the group falls under.</param>
    /// <param name="pool">Its DMBs; none yet.</param>
    public GroupBuffers(BufferSettings settings, DmbShare share, DmbPool pool)
    {
        _settings = settings;
        _share = share;
        Pool = pool;
    }

    /// <summary>The DMBs.</summary>
    public DmbPool Pool { get; }

    /// <summary>The same with another pool.</summary>
    public GroupBuffers With(DmbPool pool) => new(_settings, _share, pool);

    /// <summary>The size of DMBs that is wanted.</summary>
    public SizeClass Wanted => _settings.Size;

    /// <summary>The group's actor: takes a DMB of the wanted size, or else of the largest below it that is idle, which is counted as a downgrade.</summary>
    /// <param name="smallest">Below it none is taken.</param>
    /// <param name="dmb">All zero.</param>
    /// <param name="isAtLimit">Whether it is for a limit that there is none; else none is idle, and there may be more after growth.</param>
    public bool TryTake(SizeClass smallest, [NotNullWhen(true)] out Dmb? dmb, out bool isAtLimit)
    {
        dmb = null;
        isAtLimit = !_share.TryTake();
        if (isAtLimit)
        {
            CountRefusal();
            return false;
        }

        SizeClass size = Wanted;
        while (!Pool.TryTake(size, out dmb))
        {
            if (size.Code <= smallest.Code || !size.TryStepDown(out SizeClass smaller))
            {
                _share.Return(1);
                return false;
            }

            size = smaller;
        }

        if (size != Wanted) Interlocked.Increment(ref _downgrades[size.Code]);
        _share.CountOut(size);
        return true;
    }

    /// <summary>The group's actor: gives a DMB back that neither end touches any more. Nothing where the group has ended: the memory ends too.</summary>
    /// <param name="dmb">As it was taken.</param>
    /// <param name="touchedBytes">Of the data area, to be zeroed.</param>
    /// <param name="usedBytes">Those of them that a connection is known to have used.</param>
    public void Return(Dmb dmb, uint touchedBytes, uint usedBytes)
    {
        if (_isClosed) return;
        Pool.Return(dmb, touchedBytes, usedBytes);
        CountBack(dmb.Slab.SizeClass, 1);
    }

    /// <summary>The group's actor: the group ends. What comes back from now on is not zeroed: its memory is not used again.</summary>
    public void Retire() => Pool.RetireAll();

    /// <summary>The group's actor: the memory file of the slab that it was told of, to be offered and closed.</summary>
    /// <returns>Null where there is none.</returns>
    public FileDescriptor? TakePending() => Interlocked.Exchange(ref _pending, null);   // SYNC pending: pairs with the exchange in Pend; one of the two actors has it

    /// <summary>The group's actor: the group has ended. What is out counts as free, and a slab that is on its way is not offered any more.</summary>
    public void Close()
    {
        TakePending()?.Dispose();
        if (_isClosed) return;
        _isClosed = true;
        foreach (DmbClassStatistics ofClass in Pool.Statistics) CountBack(ofClass.SizeClass, ofClass.InUse);
        _share.Dispose();
    }

    /// <summary>The buffer pool: names the next slab.</summary>
    public uint NextSlab() => ++_lastSlab;

    /// <summary>The buffer pool: the memory file of a slab that the group's actor will be told of. It is here, and not in the message, because that may
    /// come too late to be read.</summary>
    public void Pend(FileDescriptor descriptor) => Interlocked.Exchange(ref _pending, descriptor)?.Dispose();   // SYNC pending: pairs with TakePending

    /// <summary>The buffer pool: true for the first of all groups that steps down from a size.</summary>
    public bool IsFirstStepDown(SizeClass from) => _share.IsFirstStepDown(from);

    /// <summary>A handshake gets none.</summary>
    public void CountRefusal() => Interlocked.Increment(ref _refusals);

    /// <summary>What there is now, not of one instant.</summary>
    public BufferReport Report()
    {
        BufferClassReport[] classes = [.. Pool.Statistics.Select(Report)];
        return new BufferReport(classes, classes.Sum(one => one.Downgrades), Interlocked.Read(ref _refusals));
    }

    private BufferClassReport Report(DmbClassStatistics ofClass) =>
        BufferClassReport.Of(ofClass) with { Downgrades = Interlocked.Read(ref _downgrades[ofClass.SizeClass.Code]) };

    private void CountBack(SizeClass size, int count)
    {
        _share.CountBack(size, count);
        _share.Return(count);
    }
}
