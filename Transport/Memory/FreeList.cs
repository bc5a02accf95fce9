using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Smc.Transport.Memory;

/// <summary>
/// Idle buffers by index, the last one given back first: it is the one in the cache. Any number of threads push and pop at once, without a
/// lock and in the same few steps whatever the number of buffers in use.
/// <code>
/// head word   | version, 40 bits | index + 1, 24 bits; 0 is empty |
/// node        next index + 1, or <see cref="InUse"/> | nodes from here down
/// </code>
/// A pop reads a node that others may take and give back meanwhile; with the index alone its exchange would then succeed on a stale next and
/// hand a buffer out twice (ABA). Every change of the head counts the version up, so that exchange fails. A thread would have to stop
/// between its read and its exchange for exactly 2^40 changes, three hours at 100 million a second, to be fooled.
/// An exchange fails only because another one has succeeded: some thread always makes progress.
/// </summary>
public sealed class FreeList : IDescriptorList
{
    /// <summary>Buffers that a list can have.</summary>
    public const int MaxCapacity = (1 << IndexBits) - 1;

    private const int IndexBits = 24;
    private const ulong IndexMask = (1UL << IndexBits) - 1;
    private const int InUse = -1;

    private readonly Node[] _nodes;
    private PaddedWord _head;

    /// <param name="capacity">Buffers in all, 1 to <see cref="MaxCapacity"/>; the indices 0 to <paramref name="capacity"/> - 1, none of them idle yet.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is out of its range.</exception>
    public FreeList(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        _nodes = new Node[capacity];
        Array.Fill(_nodes, new Node { Next = InUse });
    }

    /// <summary>Buffers in all.</summary>
    public int Capacity => _nodes.Length;

    /// <summary>Idle buffers: exact while nobody pushes or pops, and what was true a moment ago otherwise.</summary>
    public int Count
    {
        get
        {
            int top = Index(Volatile.Read(ref _head.Word));
            return top < 0 ? 0 : Volatile.Read(ref _nodes[top].Depth);
        }
    }

    /// <summary>Gives a buffer back.</summary>
    /// <exception cref="InvalidOperationException">It is idle already.</exception>
    public void Push(int index)
    {
        ref Node node = ref _nodes[index];
        if (node.Next != InUse) ThrowIdle(index);   // its holder alone touches the node of a buffer in use
        var backoff = default(Backoff);
        while (true)
        {
            ulong seen = Volatile.Read(ref _head.Word);
            int top = Index(seen);
            Volatile.Write(ref node.Depth, top < 0 ? 1 : Volatile.Read(ref _nodes[top].Depth) + 1);
            Volatile.Write(ref node.Next, top + 1);

            // SYNC free: publishes the node, and what was written to the buffer; pairs with the read of the head in FreeList.Peek.
            if (Interlocked.CompareExchange(ref _head.Word, Changed(seen, index + 1), seen) == seen) return;
            backoff.Wait();
        }
    }

    /// <summary>Takes an idle buffer.</summary>
    /// <returns>False where none is idle.</returns>
    public bool TryPop(out int index)
    {
        var backoff = default(Backoff);
        while (true)
        {
            ulong seen = Peek(out index, out int next);
            if (index < 0) return false;
            if (TryTake(seen, index, next)) return true;
            backoff.Wait();
        }
    }

    /// <summary>The first half of a pop: what is on top, and what would be after it.</summary>
    internal ulong Peek(out int index, out int next)
    {
        ulong seen = Volatile.Read(ref _head.Word);   // SYNC free: the node is read after the head that names it; pairs with the exchange in FreeList.Push
        index = Index(seen);
        next = index < 0 ? 0 : Volatile.Read(ref _nodes[index].Next);
        return seen;
    }

    /// <summary>The second half: false where the head has changed since, even if it has changed back.</summary>
    internal bool TryTake(ulong seen, int index, int next)
    {
        // SYNC free: the buffer is its taker's from here on; pairs with the exchange in FreeList.Push, which it fails where the head has moved.
        if (Interlocked.CompareExchange(ref _head.Word, Changed(seen, next), seen) != seen) return false;
        Debug.Assert(next != InUse);
        Volatile.Write(ref _nodes[index].Next, InUse);
        return true;
    }

    private static int Index(ulong word) => (int)(word & IndexMask) - 1;

    /// <summary>The next version of the head. What is stale in <paramref name="link"/> may be <see cref="InUse"/>; then the exchange fails.</summary>
    private static ulong Changed(ulong seen, int link) => ((seen | IndexMask) + 1) | ((uint)link & IndexMask);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIdle(int index) => throw new InvalidOperationException($"Buffer {index} is given back twice.");

    private struct Node
    {
        public int Next;
        public int Depth;
    }

    /// <summary>The head is written by all; the words beside it are not to suffer.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * CacheLine.Size)]
    private struct PaddedWord
    {
        [FieldOffset(CacheLine.Size)]
        public ulong Word;
    }
}
