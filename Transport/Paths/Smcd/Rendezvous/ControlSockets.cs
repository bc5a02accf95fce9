namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>
/// Control sockets by the process at their other end, and by who opened them. A pair of runtimes has one each way, and a process has few runtimes:
/// whatever a peer has for each of its sockets, it has so many times and no more. Thread-safe.
/// </summary>
internal sealed class ControlSockets
{
    /// <summary>Sockets between this runtime and one process, in one direction.</summary>
    public const int MostOfProcess = 16;

    /// <summary>Sockets in one direction of all processes that cannot be seen from here: nobody knows which of them are of one, and so one of them may have
    /// them all.</summary>
    public const int MostUnseen = 256;

    private readonly Dictionary<(PeerIdentity Process, bool IsOpenedHere), int> _counts = [];   // under its own lock

    /// <summary>Counts one.</summary>
    /// <returns>False where its process has as many as it may have.</returns>
    public bool TryAdd(PeerIdentity process, bool isOpenedHere)
    {
        (PeerIdentity Process, bool) key = KeyOf(process, isOpenedHere);
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(key);
            if (count >= (process.IsSeen ? MostOfProcess : MostUnseen)) return false;
            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>One that was counted has hung up.</summary>
    public void Remove(PeerIdentity process, bool isOpenedHere)
    {
        (PeerIdentity Process, bool) key = KeyOf(process, isOpenedHere);
        lock (_counts)
        {
            int count = _counts[key] - 1;
            if (count > 0) _counts[key] = count;
            else _counts.Remove(key);
        }
    }

    private static (PeerIdentity Process, bool IsOpenedHere) KeyOf(PeerIdentity process, bool isOpenedHere) =>
        (process.IsSeen ? process : default, isOpenedHere);
}
