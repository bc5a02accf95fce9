using System.Net.Sockets;
using Akka.Actor;
using Smc.Actors.Buffers;
using Smc.Transport;
using Smc.Transport.Paths.Smcd.Rendezvous;
using Smc.Transport.Wire;
using Smc.Transport.Wire.Clc;

namespace Smc.Actors.Connections;

/// <summary>The TCP connection of a handshake has something to read, or has ended.</summary>
internal sealed record ClcReadable : INoSerializationVerificationNeeded
{
    /// <summary>The one instance.</summary>
    public static readonly ClcReadable Instance = new();
}

/// <summary>How an attempt to read ended.</summary>
internal enum ClcRead
{
    /// <summary>What was wanted has come.</summary>
    Done,

    /// <summary>There is more to come: <see cref="ClcReadable"/> will follow.</summary>
    Waiting,

    /// <summary>The peer broke the protocol, or the connection: see <see cref="ClcChannel.Failure"/>.</summary>
    Failed,
}

/// <summary>Why a handshake cannot go on.</summary>
/// <param name="Error">The rule that the peer broke, or None.</param>
/// <param name="SocketError">What became of the connection, or Success.</param>
internal readonly record struct ClcFailure(WireError Error, SocketError SocketError)
{
    /// <summary>What the caller of this end is told.</summary>
    public SocketError Outcome => SocketError switch
    {
        SocketError.Success => SocketError.ConnectionAborted,
        SocketError.Disconnecting => SocketError.ConnectionReset,
        _ => SocketError,
    };

    /// <inheritdoc />
    public override string ToString() => Error == WireError.None ? SocketError.ToString() : Error.ToString();
}

/// <summary>
/// Reads and writes CLC messages on a TCP connection, one at a time, never a byte more than a message has: what follows is the application's.
/// Nothing here waits; the reactor tells the owner when there is more. The block that it reads into goes back to the device's pool when the
/// connection goes to somebody else, or is broken off: nothing is read after that.
/// </summary>
internal sealed class ClcChannel
{
    private readonly ClcBuffers _buffers;
    private readonly SocketWatch _watch;
    private byte[]? _block;
    private int _count;

    /// <param name="socket">Connected.</param>
    /// <param name="rendezvous">Whose reactor watches it.</param>
    /// <param name="buffers">Where it takes a block when it begins to read.</param>
    /// <param name="owner">Is told <see cref="ClcReadable"/>.</param>
    public ClcChannel(Socket socket, HostRendezvous rendezvous, ClcBuffers buffers, IActorRef owner)
    {
        _buffers = buffers;
        socket.Blocking = false;
        _watch = rendezvous.Watch(socket);
        _watch.Ready = () => owner.Tell(ClcReadable.Instance, ActorRefs.NoSender);
    }

    /// <summary>What has been read and not been taken as a message.</summary>
    public ReadOnlySpan<byte> Unread => _block.AsSpan(0, _count);

    /// <summary>The message that was read.</summary>
    public ReadOnlySpan<byte> Message => _block.AsSpan(0, Header.Length);

    /// <summary>Its header.</summary>
    public ClcHeader Header { get; private set; }

    /// <summary>Why the last attempt failed.</summary>
    public ClcFailure Failure { get; private set; }

    /// <summary>Reads as many bytes as a header has, to be judged. Done also where the stream ended before.</summary>
    public ClcRead TryReadFirst()
    {
        ClcRead read = Fill(ClcHeader.Size);
        return read == ClcRead.Failed && Failure.SocketError == SocketError.Disconnecting ? ClcRead.Done : read;
    }

    /// <summary>Reads a message, of which the header may have been read.</summary>
    public ClcRead TryRead(ClcType expected)
    {
        ClcRead read = Fill(ClcHeader.Size);
        if (read != ClcRead.Done) return read;
        WireError error = ClcFraming.TryGetLength(Unread, expected, out ClcHeader header);
        if (error != WireError.None) return Fail(new ClcFailure(error, SocketError.Success));
        read = Fill(header.Length);
        if (read != ClcRead.Done) return read;
        Header = header;
        _count = 0;
        return ClcRead.Done;
    }

    /// <summary>Writes a message. A CLC message always fits into an empty socket buffer, so this does not wait.</summary>
    /// <returns>False where the connection is gone.</returns>
    public bool TryWrite(ReadOnlySpan<byte> message) =>
        _watch.Socket.Send(message, SocketFlags.None, out SocketError error) == message.Length && error == SocketError.Success;

    /// <summary>Writes a Decline.</summary>
    /// <returns>As <see cref="TryWrite"/>.</returns>
    public bool TryDecline(SmcReason reason)
    {
        Span<byte> buffer = stackalloc byte[ClcFraming.MaxLength];
        return TryWrite(buffer[..ClcWriter.Write(buffer, new DeclineFields(2, reason))]);
    }

    /// <summary>Gives the connection to the application, as a socket like any other.</summary>
    /// <returns>What was read and is the application's.</returns>
    public byte[] Release()
    {
        byte[] unread = Unread.ToArray();
        ReturnBlock();
        _watch.Dispose();
        _watch.Socket.Blocking = true;
        return unread;
    }

    /// <summary>Makes sure that the connection can be watched as long as it lives. Asked before the message behind which there is no fallback any more.</summary>
    /// <returns>False where the kernel cannot watch one more.</returns>
    public bool TryReserveWatch() => _watch.TryReserve();

    /// <summary>Gives the connection to a guard.</summary>
    public SocketWatch TakeWatch()
    {
        ReturnBlock();
        return _watch;
    }

    /// <summary>Breaks the connection off.</summary>
    public void Reset()
    {
        ReturnBlock();
        _watch.Reset();
    }

    private ClcRead Fill(int length)
    {
        _block ??= _buffers.Take();
        while (_count < length)
        {
            int received = _watch.Socket.Receive(_block.AsSpan(_count, length - _count), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return _watch.Arm() ? ClcRead.Waiting : Fail(new ClcFailure(WireError.None, SocketError.NoBufferSpaceAvailable));
            }

            if (error != SocketError.Success) return Fail(new ClcFailure(WireError.None, error));
            if (received == 0) return Fail(new ClcFailure(WireError.None, SocketError.Disconnecting));
            _count += received;
        }

        return ClcRead.Done;
    }

    private void ReturnBlock()
    {
        if (_block is not { } block) return;
        _block = null;
        _count = 0;
        _buffers.Return(block);
    }

    private ClcRead Fail(ClcFailure failure)
    {
        Failure = failure;
        return ClcRead.Failed;
    }
}
