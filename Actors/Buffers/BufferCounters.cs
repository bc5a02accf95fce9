using Smc.Actors.Inspection;
using Smc.Transport.Memory;

namespace Smc.Actors.Buffers;

/// <summary>The counters of one buffer pool: written by its actor alone, read by any thread, not at one instant.</summary>
internal sealed class BufferCounters
{
    private readonly OfClass?[] _classes = new OfClass?[SizeClass.LargestSmcdCode + 1];

    /// <summary>Slabs that were made in a smaller class than was wanted.</summary>
    public long Downgrades { get; set; }

    /// <summary>Handshakes that got no DMB.</summary>
    public long Refusals { get; set; }

    /// <summary>Those of a size class.</summary>
    public OfClass Of(SizeClass sizeClass) => _classes[sizeClass.Code] ??= new OfClass(sizeClass.Bytes);

    /// <summary>What they are now.</summary>
    public BufferReport Report() => new([.. _classes.OfType<OfClass>().Select(one => one.Report())], Downgrades, Refusals);

    /// <summary>Those of one size class, as <see cref="BufferClassReport"/> has them.</summary>
    /// <param name="dmbBytes">The size of a DMB.</param>
    public sealed class OfClass(int dmbBytes)
    {
        public int Slabs { get; set; }

        public int Dmbs { get; set; }

        public int InUse { get; set; }

        public int Retired { get; set; }

        /// <summary>DMBs that have been handed out at least once: only their pages are committed, unless slabs are prefaulted.</summary>
        public int EverUsed { get; set; }

        public bool IsPrefaulted { get; set; }

        public long Rents { get; set; }

        public BufferClassReport Report() => new(dmbBytes)
        {
            Slabs = Slabs,
            Dmbs = Dmbs,
            InUse = InUse,
            Retired = Retired,
            CommittedBytes = (long)(IsPrefaulted ? Dmbs : EverUsed) * dmbBytes,
            Rents = Rents,
            Reuses = Math.Max(0, Rents - EverUsed),   // one may be counted in between
        };
    }
}
