using Smc.Transport.Paths.Smcd;

namespace Smc.Actors.LinkGroups;

/// <summary>The slots of a control region that are in use.</summary>
internal sealed class SlotSet
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    private readonly bool[] _taken = new bool[LinkGroupMemory.MaxConnections];
    private int _next;

    /// <summary>Takes the free slot that has been free the longest, roughly.</summary>
    public int Take()
    {
        for (int i = 0; i < _taken.Length; i++)
        {
            int slot = (_next + i) % _taken.Length;
            if (!TryTake(slot)) continue;
            _next = (slot + 1) % _taken.Length;
            return slot;
        }

        return None;
    }

    /// <summary>Takes a certain slot.</summary>
    /// <returns>False where it is in use, or no slot at all.</returns>
    public bool TryTake(int slot)
    {
        if ((uint)slot >= (uint)_taken.Length || _taken[slot]) return false;
        _taken[slot] = true;
        return true;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot) => _taken[slot] = false;
}
