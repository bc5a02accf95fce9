using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Paths.Smcd.Rendezvous;

/// <summary>Receives what happens on control sockets: one call at a time, in the order of the sockets' events. Must not block.</summary>
internal interface IControlHandler
{
    /// <summary>A process has connected to this one's control socket.</summary>
    void OnAccepted(ControlChannel channel);

    /// <summary>A frame came. The handler owns <paramref name="descriptor"/>, which is null where this process had none left for it.</summary>
    void OnFrame(ControlChannel channel, ReadOnlySpan<byte> frame, FileDescriptor? descriptor);

    /// <summary>A packet came that is longer than any frame, or carried several descriptors.</summary>
    void OnTruncated(ControlChannel channel);

    /// <summary>The other end has gone, or <see cref="ControlChannel.Close"/> was called. The last call for this channel.</summary>
    void OnClosed(ControlChannel channel);
}
