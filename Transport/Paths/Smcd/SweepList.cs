using Smc.Transport.Memory;
using Smc.Transport.Wire.Cdc;

namespace Smc.Transport.Paths.Smcd;

/// <summary>
/// Whose sleepers the sweep of a link group looks at: those of connections whose peer has changed a word since the look before, and those that
/// looked stuck then. Nobody else can have been forgotten, because a sleeper looks at the words itself after its announcement. So an idle
/// connection costs the one cache line of its CDC area a second, not the six of its halves. For the wake thread, but for <see cref="Put"/>.
/// </summary>
internal sealed unsafe class SweepList
{
    private readonly nint[] _areas = new nint[ControlLayout.Slots];
    private readonly Seen[] _seen = new Seen[ControlLayout.Slots];

    /// <summary>A connection begins in a slot. Called before it is published there, on any thread.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="own">This end's DMB, which stays mapped as long as the group.</param>
    public void Put(int slot, DmbRange own) => Volatile.Write(ref _areas[slot], (nint)own.Address);

    /// <summary>Looks at the sleepers of <paramref name="path"/>, if there can be one whom nobody rang for.</summary>
    public void Sweep(int slot, SmcdPath path)
    {
        byte* area = (byte*)Volatile.Read(ref _areas[slot]);
        var now = new Seen(path, Volatile.Read(ref *(ulong*)(area + SmcdCdcLayout.WordOne)), Volatile.Read(ref *(ulong*)(area + SmcdCdcLayout.WordTwo)));
        if (_seen[slot] == now) return;
        path.Sweep();
        _seen[slot] = path.IsSuspected ? default : now;   // what changes after these loads is seen at the next look
    }

    /// <summary>A slot without a connection keeps none alive.</summary>
    public void Forget(int slot) => _seen[slot] = default;

    private readonly record struct Seen(SmcdPath? Path, ulong WordOne, ulong WordTwo);
}
