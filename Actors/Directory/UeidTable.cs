using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Directory;

/// <summary>The user EIDs that handshakes offer and accept, in the order of preference: a set that is replaced as a whole, by one actor, and read
/// by any thread. A handshake reads it once.</summary>
public sealed class UeidTable
{
    private IReadOnlyList<Ueid> _ueids;

    /// <param name="ueids">Those of the settings.</param>
    public UeidTable(IReadOnlyList<Ueid> ueids) => _ueids = ueids;

    /// <summary>Those of this moment.</summary>
    public IReadOnlyList<Ueid> Current => Volatile.Read(ref _ueids);

    /// <summary>Replaces them.</summary>
    internal void Replace(IReadOnlyList<Ueid> ueids) => Volatile.Write(ref _ueids, ueids);   // SYNC ueids: a list that nobody changes any more, made before; pairs with Current
}
