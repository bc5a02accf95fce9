using System.Diagnostics;

namespace Smc.Peer.Faults;

/// <summary>SIGKILL: no handler runs, nothing is flushed, nothing is swept.</summary>
internal static class Death
{
    public static void Now()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);   // the signal is on its way
    }
}
