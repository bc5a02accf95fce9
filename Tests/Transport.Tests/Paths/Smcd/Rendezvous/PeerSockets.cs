using Smc.Transport.Interop.Linux;
using Smc.Transport.Paths.Smcd.Rendezvous;

namespace Smc.Transport.Tests.Paths.Smcd.Rendezvous;

/// <summary>Control sockets of processes that a test makes up.</summary>
internal static class PeerSockets
{
    /// <summary>One of a process that can be seen from here.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="start">When it began; 0 where it had gone before that could be read.</param>
    public static PeerSession Of(int process, long start = 1)
    {
        var session = new PeerSession();
        session.Recognize(new PeerCredentials(process, 1000, 1000), start);
        return session;
    }
}
