using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Smc.Transport.Paths;

/// <summary>The exceptions that code written for <see cref="NetworkStream"/> expects.</summary>
internal static class PathErrors
{
    [DoesNotReturn]
    public static void Throw(SocketError error) => throw Create(error);

    [DoesNotReturn]
    public static void ThrowBusy(string direction) =>
        throw new InvalidOperationException($"Another {direction} is in progress on this connection: one reader and one writer at a time.");

    [DoesNotReturn]
    public static void ThrowDisposed() => throw new ObjectDisposedException(nameof(SmcStream));

    public static IOException Create(SocketError error)
    {
        var inner = new SocketException((int)error);
        return new IOException(inner.Message, inner);
    }
}
