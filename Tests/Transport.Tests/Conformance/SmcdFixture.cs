using System.Net.Sockets;
using Smc.Transport.Paths.Smcd;
using Smc.Transport.Tests.Paths.Smcd;

namespace Smc.Transport.Tests.Conformance;

/// <summary>Shared memory, with 16 KiB buffers so that rings fill and wrap.</summary>
public sealed class SmcdFixture : ITransportFixture
{
    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 20, InlineCompletions: false));

    public bool KeepsDataBeforeReset => true;

    public SocketError[] ErrorsAfterPeerClosed => [SocketError.ConnectionReset];

    public StreamPair Connect()
    {
        SmcdLink link = _group.Connect();
        return new StreamPair(link.Client.Stream, link.Server.Stream);
    }

    public void Dispose() => _group.Dispose();
}

/// <summary>Shared memory whose continuations run on the wake thread, without spinning.</summary>
public sealed class SmcdInlineFixture : ITransportFixture
{
    private readonly SmcdGroup _group = new(new WaitSettings(LongestSpinMicroseconds: 0, InlineCompletions: true));

    public bool KeepsDataBeforeReset => true;

    public SocketError[] ErrorsAfterPeerClosed => [SocketError.ConnectionReset];

    public StreamPair Connect()
    {
        SmcdLink link = _group.Connect();
        return new StreamPair(link.Client.Stream, link.Server.Stream);
    }

    public void Dispose() => _group.Dispose();
}
